package sightline.pipeline.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFileTest {
    private static final String GOOD = """
            site: plaza
            cameras:
              - {name: cam-1, from: plaza}
              - {name: cam-2, from: topic}
            detector: {side: 352, score: 0.4}
            """;

    @TempDir
    private Path folder;

    private Declaration read(String text) throws IOException {
        return PipelineFile.read(Files.writeString(folder.resolve("yard.yaml"), text));
    }

    @Test
    void declarationIsReadAndDrawn() throws IOException {
        Declaration declared = read(GOOD);
        assertThat(declared.cameras()).containsOnlyKeys("cam-1", "cam-2");
        assertThat(declared.networks().detector().side()).isEqualTo(352);
        assertThat(PipelineGraph.of(declared))
                .contains("cam-2", "already in Kafka", "node node-1", "track.fused.v1", "at 352");
    }

    @Test
    void networksBesideTheDetectorAreReadAndDrawn() throws IOException {
        Files.writeString(folder.resolve("sam.pt"), "weights are opened later");
        Declaration declared = read(GOOD + """
                poses: {model: litepose-xs}
                segmentation: {model: efficientvit-seg-b0-street}
                masks: {model: efficientvit-sam-l0, weights: sam.pt}
                """);
        assertThat(declared.networks().poses()).contains(new NetworkChoice("litepose-xs", Optional.empty()));
        assertThat(declared.networks().masks())
                .contains(new NetworkChoice("efficientvit-sam-l0", Optional.of(folder.resolve("sam.pt"))));
        assertThat(PipelineGraph.of(declared))
                .contains("efficientvit-sam-l0", "pose.camera.v1", "mask.camera.v1", "instance.camera.v1");
        assertThatThrownBy(() -> Change.between(read(GOOD), declared)).hasMessageContaining("restart");
    }

    @Test
    void networksThatCannotBeHadAreSaidAtOnce() {
        assertThatThrownBy(() -> read(GOOD + """
                        poses: {model: efficientvit-sam-l0}
                        segmentation: {model: efficientvit-seg-b0, weights: missing.pt}
                        masks: {model: efficientvit-sam-l0}
                        """))
                .hasMessageContainingAll(
                        "no model efficientvit-sam-l0 for poses",
                        "missing.pt; sightline weights fetch efficientvit-seg-b0 brings it",
                        "no weights of efficientvit-sam-l0 ship",
                        "sightline weights fetch efficientvit-sam-l0");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> read("""
                        site: plaza
                        cameras:
                          - {name: nobody, from: plaza}
                          - {name: cam-1, from: moon}
                          - {name: cam-2, from: video, file: missing.mp4}
                          - {name: cam-3, from: topic}
                          - {name: cam-3, from: plaza}
                        detector: {side: 100}
                        dashbord: {}
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "nobody", "moon", "missing.mp4", "second camera named cam-3", "multiple of 32", "dashbord");
    }

    @Test
    void changesAreFoundInTheOrderInWhichTheyAreMade() throws IOException {
        Declaration before = read(GOOD);
        Declaration after = read("""
                site: plaza
                cameras:
                  - {name: cam-1, from: topic}
                  - {name: cam-3, from: plaza}
                """);
        assertThat(Change.between(before, after))
                .containsExactly(
                        new Change.Removed("cam-1"),
                        new Change.Removed("cam-2"),
                        new Change.Added("cam-1", new Feed.Topic()),
                        new Change.Added("cam-3", new Feed.Plaza()),
                        new Change.Detector(DetectorChoice.SHIPPED));
        assertThat(Change.between(before, before)).isEmpty();
    }

    @Test
    void anotherRosterTakesARestart() throws IOException {
        Declaration before = read(GOOD);
        Files.writeString(folder.resolve("site.yaml"), """
                scene: plaza
                nodes: [other]
                sensors: [{name: r, kind: radar, node: other, at: [0, 0]}]
                """);
        Declaration after = read("site: site.yaml\n");
        assertThatThrownBy(() -> Change.between(before, after)).hasMessageContaining("restart");
    }
}
