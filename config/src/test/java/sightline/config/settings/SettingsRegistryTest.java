package sightline.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsRegistryTest {

    @Test
    void aKeyThatIsRegisteredTwiceFailsAtOnce() {
        assertThatThrownBy(() -> SettingsRegistry.builder().group(Kitchen.GROUP).group(Kitchen.GROUP))
                .hasMessage("key kitchen.light is registered twice");
    }

    @Test
    void keysThatShareAVariableFailAtOnce() {
        SettingsGroup group = SettingsGroup.of(
                "a",
                "A.",
                Setting.flag("a.b-c", true).doc("One."),
                Setting.flag("a.b.c", true).doc("Two."));
        assertThatThrownBy(() -> SettingsRegistry.builder().group(group))
                .hasMessageContaining("share the variable SIGHTLINE_A_B_C");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "Upper.case", "a..b", "a.b ", "a_b.c", ".a.b", "a.1"})
    void whatIsNoKeyFailsAtOnce(String key) {
        assertThatThrownBy(() -> Setting.flag(key, true)).hasMessageContaining("is not a key");
    }

    @Test
    void aDefaultOutsideItsOwnBoundsFailsAtOnce() {
        assertThatThrownBy(() -> Setting.integer("a.b", 5).within(6, 7))
                .hasMessage("the default of a.b, 5, is less than 6, allowed is 6 to 7");
    }

    @Test
    void aSettingThatDoesNotSayWhatItDoesFailsAtOnce() {
        assertThatThrownBy(() -> SettingsGroup.of("a", "A.", Setting.flag("a.b", true)))
                .hasMessage("key a.b does not say what it does");
    }

    @Test
    void aSettingThatWasNeverRegisteredIsAnErrorOfTheProgram() {
        assertThatThrownBy(() -> Kitchen.REGISTRY.defaults().get(Setting.flag("other.key", true)))
                .hasMessage("key other.key is not registered");
    }

    @ParameterizedTest
    @CsvSource({"abc,abc,0", "abc,acb,1", "abc,ab,1", "abc,xabc,1", "kitten,sitting,3", "'',abc,3"})
    void distanceCountsEditsAndSwaps(String left, String right, int distance) {
        assertThat(Nearest.distance(left, right)).isEqualTo(distance);
        assertThat(Nearest.distance(right, left)).isEqualTo(distance);
    }
}
