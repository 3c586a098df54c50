package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.config.evidence.EvidenceSettings;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsException;
import sightline.config.settings.SettingsLoader;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.web.WebKeys;

/** A key that nothing reads would be a lie: each one changes what the stages are started with. */
class SettingsInForceTest {

    static Stream<Setting<?>> settings() {
        return AllSettings.REGISTRY.settings().stream();
    }

    /** All that stages are given of the settings. */
    private static List<Object> given(Settings settings) {
        return List.of(
                SourceKeys.policy(settings),
                KafkaKeys.habits(settings),
                PerceptionKeys.limits(settings),
                PerceptionKeys.networks(settings),
                FusionKeys.pace(settings),
                FusionKeys.node(settings).lagTicks(),
                RuleKeys.measures(settings),
                DepictionKeys.limits(settings),
                DepictionKeys.gate(settings),
                settings.get(EvidenceSettings.DIRECTORY),
                EvidenceSettings.limits(settings),
                EvidenceSettings.frameLimits(settings),
                WebKeys.read(settings));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyKeyReachesAStage(Setting<?> setting) {
        SettingsLoader loader = SettingsLoader.of(AllSettings.REGISTRY).set(setting.key() + "=" + another(setting));
        if (setting.key().endsWith(".weights")) {
            String model = setting.key().replace(".weights", ".model") + "=some";
            Settings shipped =
                    SettingsLoader.of(AllSettings.REGISTRY).set(model).load();
            assertThat(given(loader.set(model).load())).isNotEqualTo(given(shipped));
        }
        if (setting.key().startsWith("web.tls.")) {
            loader.set("web.tls.certificate=chain.pem").set("web.tls.key=key.pem");
        }
        assertThat(given(loader.load())).isNotEqualTo(given(AllSettings.REGISTRY.defaults()));
    }

    /** A legal value that is not the default. */
    private static String another(Setting<?> setting) {
        Object now = setting.fallback();
        if (setting.equals(PerceptionKeys.SIDE)) {
            return "448";
        }
        if (setting.equals(WebKeys.HOST)) {
            return "localhost";
        }
        return switch (now) {
            case Integer i -> Integer.toString(i + 1);
            case Long l -> Long.toString(l + 1);
            case Double d -> Double.toString(d * 0.99);
            case Duration d -> d.plusMillis(1).toMillis() + "ms";
            case Path p -> p + "-other";
            case String s -> s + "other";
            default -> throw new IllegalStateException("no other value for " + setting.key());
        };
    }

    @Test
    void theDefaultsAreWhatTheStagesHaveByThemselves() {
        assertThat(given(AllSettings.REGISTRY.defaults()))
                .contains(
                        PerceptionStage.Limits.DEFAULT,
                        LivePace.Bounds.DEFAULT,
                        DepictionStage.Limits.DEFAULT,
                        Bus.Habits.DEFAULT);
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestOneOfItsStage() {
        assertThatThrownBy(() -> SettingsLoader.of(AllSettings.REGISTRY)
                        .set("fusion.patiense=70ms")
                        .load())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("fusion.patiense")
                .hasMessageContaining("fusion.patience");
    }

    @Test
    void weightsOfNoNetworkAreRefused() {
        Settings settings = SettingsLoader.of(AllSettings.REGISTRY)
                .set("perception.masks.weights=sam.pt")
                .load();
        assertThatThrownBy(() -> PerceptionKeys.networks(settings))
                .hasMessageContainingAll("perception.masks.weights", "perception.masks.model");
    }

    @Test
    void valuesThatDoNotFitTogetherAreRefusedWithASentence() {
        assertThatThrownBy(() -> SettingsLoader.of(AllSettings.REGISTRY)
                        .set("fusion.deadline-least=200ms")
                        .load())
                .hasMessageContaining("fusion.deadline-least must not be above fusion.deadline-most");
    }
}
