package sightline.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {

    @Test
    void everyTypeIsReadFromAFile() {
        Settings settings =
                SettingsLoader.of(Kitchen.REGISTRY).yaml("k.yaml", """
                        kitchen:
                          light: false
                          pots: 1_2
                          pot-size: 64KiB
                          timer: 250ms
                          salt: 0
                          heat: very-hot
                          cook: 'no: one'
                          book: /tmp/x
                          herbs: [dill, mint]
                        kitchen.visits: 7
                        """).load();

        assertThat(settings.get(Kitchen.LIGHT)).isFalse();
        assertThat(settings.get(Kitchen.POTS)).isEqualTo(12);
        assertThat(settings.get(Kitchen.POT_SIZE)).isEqualTo(65536);
        assertThat(settings.get(Kitchen.TIMER)).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.get(Kitchen.SALT)).isZero();
        assertThat(settings.get(Kitchen.HEAT)).isEqualTo(Kitchen.Heat.VERY_HOT);
        assertThat(settings.get(Kitchen.COOK)).isEqualTo("no: one");
        assertThat(settings.get(Kitchen.BOOK)).isEqualTo(Path.of("/tmp/x"));
        assertThat(settings.get(Kitchen.HERBS)).containsExactly("dill", "mint");
        assertThat(settings.get(Kitchen.VISITS)).isEqualTo(7);
        assertThat(settings.place(Kitchen.HEAT)).isEqualTo("k.yaml line 7");
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() {
        Settings settings = SettingsLoader.of(Kitchen.REGISTRY)
                .yaml("k.yaml", "kitchen: {pots: 1, timer: 1s, cook: file}")
                .environment(Map.of("SIGHTLINE_KITCHEN_POTS", "2", "SIGHTLINE_KITCHEN_TIMER", "2s", "PATH", "/bin"))
                .set("kitchen.pots=3")
                .load();

        assertThat(settings.get(Kitchen.POTS)).isEqualTo(3);
        assertThat(settings.place(Kitchen.POTS)).isEqualTo("--set");
        assertThat(settings.get(Kitchen.TIMER)).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.place(Kitchen.TIMER)).isEqualTo("SIGHTLINE_KITCHEN_TIMER");
        assertThat(settings.get(Kitchen.COOK)).isEqualTo("file");
        assertThat(settings.get(Kitchen.LIGHT)).isTrue();
        assertThat(settings.place(Kitchen.LIGHT)).isEqualTo("default");
    }

    @Test
    void allProblemsOfAllSourcesAreReportedTogether() {
        SettingsLoader loader = SettingsLoader.of(Kitchen.REGISTRY)
                .yaml("k.yaml", """
                        kitchen:
                          pots: 13
                          tiemr: 1s
                          light: yes
                        kitchn:
                          salt: 1
                        """)
                .environment(Map.of("SIGHTLINE_KITCHEN_POTTS", "2", "SIGHTLINE_DATA", "/data"))
                .set("kitchen.heat=warm")
                .set("salt=1")
                .set("nonsense");

        SettingsException refused = catchThrowableOfType(SettingsException.class, loader::load);
        assertThat(refused.problems())
                .containsExactly(
                        "k.yaml line 2: kitchen.pots: '13' is more than 12, allowed is 1 to 12",
                        "k.yaml line 3: kitchen.tiemr: unknown key (value '1s'); did you mean kitchen.timer?",
                        "k.yaml line 4: kitchen.light: 'yes' is not true or false",
                        "k.yaml line 5: kitchn: unknown key (value 'a map')",
                        "environment: SIGHTLINE_KITCHEN_POTTS: unknown key (value '2'); did you mean "
                                + "SIGHTLINE_KITCHEN_POTS?",
                        "--set: kitchen.heat: 'warm' is not one of off, very-hot",
                        "--set: salt: unknown key (value '1'); did you mean kitchen.salt?",
                        "--set nonsense: not of the form key=value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kitchen.timer=1.5s | is not a duration",
                "kitchen.timer=10 | is not a duration",
                "kitchen.timer=999999999999999999d | is not a duration",
                "kitchen.timer=3h | is more than 2h",
                "kitchen.timer=0s | is less than 1ms",
                "kitchen.pot-size=1MB | is not a size",
                "kitchen.pot-size=999999999TiB | is not a size",
                "kitchen.pots=1e1 | is not a whole number",
                "kitchen.pots=99999999999 | is not a whole number",
                "kitchen.salt=NaN | is not a number",
                "kitchen.salt=Infinity | is not a number",
                "kitchen.visits=-1 | is less than 0, allowed is at least 0"
            })
    void aValueThatCannotBeIsRefusedWithItsReason(String assignment, String reason) {
        assertThatThrownBy(() ->
                        SettingsLoader.of(Kitchen.REGISTRY).set(assignment).load())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(assignment.substring(assignment.indexOf('=') + 1))
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kitchen: [1, 2] | unknown key (value 'a list')",
                "kitchen: {pots: [1, 2]} | is a list, where one value belongs",
                "kitchen: {pots: {a: 1}} | a map, where one value belongs",
                "kitchen: {pots: 1, pots: 2} | stands in the file twice",
                "'kitchen: {' | not YAML",
                "just text | holds no keys",
                "kitchen: &a {pots: *a} | a map, where one value belongs"
            })
    void aFileOfTheWrongShapeIsRefused(String yaml, String reason) {
        assertThatThrownBy(() ->
                        SettingsLoader.of(Kitchen.REGISTRY).yaml("k.yaml", yaml).load())
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("k.yaml")
                .hasMessageContaining(reason);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> SettingsLoader.of(Kitchen.REGISTRY)
                        .file(Path.of("no/such.yaml"))
                        .load())
                .hasMessageContaining("no/such.yaml cannot be read");
    }

    @Test
    void whatMustHoldBetweenSettingsIsSaidInItsOwnWords() {
        assertThatThrownBy(() -> SettingsLoader.of(Kitchen.REGISTRY)
                        .set("kitchen.light=false")
                        .load())
                .hasMessage("kitchen.salt must be 0 where kitchen.light is off");
    }

    @Test
    void aSectionIsHandedOnUnread() {
        Settings settings = SettingsLoader.of(Kitchen.REGISTRY)
                .yaml("k.yaml", "guests: [{name: ann, seat: 1}]\nkitchen.pots: 2")
                .load();

        assertThat(settings.section("guests")).contains(List.of(Map.of("name", "ann", "seat", 1)));
        assertThat(settings.get(Kitchen.POTS)).isEqualTo(2);
        assertThat(Kitchen.REGISTRY.defaults().section("guests")).isEmpty();
    }

    @Test
    void anEmptyFileSaysNothing() {
        assertThat(SettingsLoader.of(Kitchen.REGISTRY)
                        .yaml("k.yaml", "# nothing\n")
                        .load()
                        .get(Kitchen.POTS))
                .isEqualTo(4);
    }
}
