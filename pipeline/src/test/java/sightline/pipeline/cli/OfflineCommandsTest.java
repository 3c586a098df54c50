package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.settings.Setting;
import sightline.pipeline.settings.AllSettings;

/** Commands that need no broker. */
class OfflineCommandsTest {

    @Test
    void theFirstScreenNamesEveryCommandAndEveryExitCode() {
        Run run = Run.of("--help");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains(
                        "broker", "topics", "tail", "settings", "demo", "produce", "Exit codes:", "2   the arguments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "broker --help",
                "topics --help",
                "topics create --help",
                "tail --help",
                "settings --help"
            })
    void helpIsSuccess(String arguments) {
        Run run = Run.of(arguments.split(" "));
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: sightline");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "tail --from yesterday",
                "tail --limit many",
                "broker --port x",
                "settings --format pdf"
            })
    void wrongArgumentsExitWithTwo(String arguments) {
        Run run = Run.of(arguments.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isNotEmpty();
    }

    @Test
    void theContractCanBeReadWithoutACluster() {
        Run run = Run.of("topics", "describe", "--contract");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(Topics.ALL.stream().map(Topic::name).toList());
        assertThat(run.out()).contains("sightline.v1.Track", "image/jpeg, headers");
    }

    @Test
    void aClusterThatIsNotThereIsOneSentence() {
        Run run = Run.of("topics", "check", "-b", "127.0.0.1:1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).startsWith("must   Start a broker at 127.0.0.1:1").hasLineCount(1);
    }

    @Test
    void everySettingIsExplained() {
        Run run = Run.of("settings");

        assertThat(run.code()).isZero();
        for (Setting<?> setting : AllSettings.REGISTRY.settings()) {
            assertThat(run.out()).contains(setting.key() + "=");
        }
    }

    @Test
    void aSettingsFileIsCheckedBeforeItIsUsed(@TempDir Path directory) throws Exception {
        Path good = Files.writeString(
                directory.resolve("good.yaml"),
                Run.of("settings", "--format", "yaml").out());
        Path bad = Files.writeString(directory.resolve("bad.yaml"), "evidence:\n  retension: 1d\n");

        assertThat(Run.of("settings", "--file", good.toString()).code()).isZero();
        Run refused = Run.of("settings", "--file", bad.toString(), "--set", "evidence.max-size=1KiB");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out())
                .contains(
                        "bad.yaml line 2: evidence.retension: unknown key (value '1d'); did you mean evidence.retention?")
                .contains("--set: evidence.max-size: '1KiB' is less than 1MiB");
    }

    @Test
    void valuesSayWhoSaidSo() {
        Run run = Run.of("settings", "evidence", "--format", "values", "--set", "evidence.retention=2d");
        assertThat(run.out()).contains("evidence.retention=2d  (--set)", "evidence.max-size=1GiB  (default)");
    }

    @Test
    void publishedWeightsAreListedAndOthersRefusedByName() {
        Run listed = Run.of("weights", "fetch");
        assertThat(listed.code()).isZero();
        assertThat(listed.out()).contains("efficientvit-seg-b0", "923d6fdd5e93", "litepose-m", "efficientvit-sam-xl1");

        Run refused = Run.of("weights", "fetch", "efficientvit-det-b0");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("nobody published weights of efficientvit-det-b0");
    }

    @Test
    void weightsThatAreNotThereNameTheCommandThatBringsThem(@TempDir Path directory) {
        Run run = Run.of(
                "infer",
                "--model",
                "litepose-m",
                "--weights",
                directory.resolve("none.pt").toString(),
                "picture.jpg");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("sightline weights fetch litepose-m brings it");
    }
}
