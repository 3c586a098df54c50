package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.sensors.broker.EmbeddedBroker;

/** Sources into Kafka and out again with {@code tail}. */
class ProduceCommandsTest {

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.temporary();
        assertThat(run("topics", "create", "--nodes", "2", "--cameras", "2").code())
                .isZero();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void thePlazaArrivesWithTrueTimesAndNothingIsUnaccountedFor() {
        Run run = run(
                "produce",
                "plaza",
                "--cameras",
                "2",
                "--nodes",
                "2",
                "--limit",
                "6",
                "--width",
                "320",
                "--height",
                "180");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().toList())
                .hasSize(3)
                .allMatch(line -> line.contains(" 6 stored in "))
                .allMatch(line -> line.endsWith("0 superseded, 0 refused, 0 stamps re-based, 0 unaccounted"));
        assertThat(tail("frame", "--key", "cam-2").lines().toList())
                .hasSize(6)
                .allMatch(line -> line.contains("SIMULATED") && line.contains("320x180, image/jpeg"));
        assertThat(tail("measurement", "--key", "radar-1")).contains("#0 SIMULATED", "#5 SIMULATED");
        assertThat(tail("calibration")).contains("cam-1", "cam-2", "Pinhole");
        assertThat(tail("status", "--key", "cam-1")).contains("LIVE");
        assertThat(tail("truth")).contains("person at (");
    }

    @Test
    void aFolderOfPicturesIsACameraWithItsName(@TempDir Path parent) throws Exception {
        Path folder = Files.createDirectory(parent.resolve("north gate.pictures"));
        for (int i = 0; i < 3; i++) {
            ImageIO.write(
                    new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB),
                    "png",
                    folder.resolve(i + ".png").toFile());
        }
        Run run =
                run("produce", "images", folder.toString(), "--fps", "1", "--fast", "--start", "2026-03-01T12:00:00Z");

        assertThat(run.code()).isZero();
        assertThat(tail("frame", "--key", "north-gate").lines().toList())
                .hasSize(3)
                .allMatch(line -> line.contains("REPLAY") && line.contains("64x48"))
                .last()
                .asString()
                .startsWith("2026-03-01T12:00:02Z");
    }

    @Test
    void aVideoThatIsNotThereFailsWithItsName() {
        Run run = run("produce", "video", "no-such.avi", "--camera", "gone");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("gone", "0 stored", "failed: video no-such.avi cannot be read");
    }

    @Test
    void aRealVideoArrivesFrameByFrame() {
        Path video = Path.of(System.getProperty("sightline.data", "data"), "video", "vtest.avi");
        assumeTrue(Files.isReadable(video), "no vtest.avi below sightline.data");
        Run run =
                run("produce", "video", video.toString(), "--camera", "pets", "--fps", "7", "--fast", "--limit", "20");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("pets", " 20 stored");
        assertThat(tail("frame", "--key", "pets").lines().toList())
                .hasSize(20)
                .allMatch(line -> line.contains("768x576"));
    }

    @Test
    void aClusterThatDoesNotFitIsRefusedBeforeAnythingIsSent() {
        Run run = run("produce", "plaza", "--cameras", "5", "--nodes", "4", "--limit", "1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Raise the partitions of topic detection.camera.v1 from 2 to 4");
    }

    @Test
    void wildtrackArrivesAsSimulatedDetectionsOfSevenCameras() {
        Path folder = Path.of(System.getProperty("sightline.data", "data"), "wildtrack");
        assumeTrue(Files.isDirectory(folder), "no wildtrack below sightline.data");
        Run run = run("produce", "wildtrack", folder.toString(), "--nodes", "2", "--fast", "--limit", "2");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().toList()).hasSize(7).allMatch(line -> line.contains(" 2 stored"));
        assertThat(tail("detection", "--key", "C7")).hasLineCount(2).contains("SIMULATED", "person");
    }

    @Test
    void aFerrysScansKeepTheirOrderAndTheirStep() {
        Path folder = Path.of(System.getProperty("sightline.data", "data"), "autoferry", "scenario2");
        assumeTrue(Files.isDirectory(folder), "no autoferry below sightline.data");
        Run run = run("produce", "autoferry", folder.toString(), "--fast", "--limit", "5");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().toList()).hasSize(4).allMatch(line -> line.contains(" 5 stored"));
        assertThat(tail("measurement", "--key", "optical")).hasLineCount(5).contains("REPLAY", "bearing");
    }

    @Test
    void faultsShowInTheReport() {
        Run run = run(
                "produce",
                "plaza",
                "--cameras",
                "0",
                "--radars",
                "1",
                "--nodes",
                "1",
                "--without-truth",
                "--fast",
                "--limit",
                "20",
                "--loss",
                "0.5",
                "--clock-offset-ms",
                "60000");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains(" 20 stored");
    }

    private static String tail(String... arguments) {
        String[] all = new String[arguments.length + 4];
        all[0] = "tail";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--from";
        all[arguments.length + 2] = "oldest";
        all[arguments.length + 3] = "--until-end";
        return run(all).out();
    }

    private static Run run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "-b";
        all[arguments.length + 1] = broker.bootstrapServers();
        return Run.of(all);
    }
}
