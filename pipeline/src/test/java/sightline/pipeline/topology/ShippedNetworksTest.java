package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.domain.Frame;
import sightline.config.domain.ObjectClass;
import sightline.operators.pool.Picture;
import sightline.operators.pool.StillFrame;
import sightline.pipeline.declared.DetectorChoice;
import sightline.pipeline.declared.NetworkChoice;
import sightline.pipeline.declared.NetworkChoices;
import sightline.pipeline.web.SystemFacts;

/** The networks as a process loads them, on a photograph. */
class ShippedNetworksTest {
    /** Less sure than on a stream: the detector was made for people at a distance, and this one fills the picture. */
    private static final DetectorChoice DETECTOR = new DetectorChoice(Optional.empty(), 416, 0.2, 1);

    private static final NetworkChoices ALL = new NetworkChoices(
            DETECTOR,
            Optional.of(new NetworkChoice("litepose-xs", Optional.empty())),
            Optional.of(new NetworkChoice("efficientvit-seg-b0-street", Optional.empty())),
            Optional.empty());

    @Test
    @Tag("long")
    void allThatShipSeePeople() throws IOException {
        Path file = Path.of(System.getProperty("sightline.data", "data"), "golden", "people.jpg");
        assumeTrue(Files.isReadable(file), "no golden/people.jpg below sightline.data");
        List<Frame> frames = List.of(StillFrame.of(Picture.decode(file.toString(), Files.readAllBytes(file))));
        try (PerceptionStage.Networks networks = ShippedNetworks.load(ALL).orElseThrow()) {
            assertThat(networks.detector().perceive(frames).getFirst().detections())
                    .anyMatch(d -> d.label() == ObjectClass.PERSON && d.box().height() > 200);
            assertThat(networks.poser()
                            .orElseThrow()
                            .perceive(frames)
                            .getFirst()
                            .poses())
                    .isNotEmpty();
            assertThat(networks.segmenter()
                            .orElseThrow()
                            .perceive(frames)
                            .getFirst()
                            .instances())
                    .anyMatch(i -> i.label() == ObjectClass.PERSON);
            assertThat(ShippedNetworks.describe(networks))
                    .extracting(SystemFacts.Model::role)
                    .containsExactly("detector", "poses", "segmentation");
        }
    }

    @Test
    void oneThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.safetensors"), "nothing");
        NetworkChoices choices = new NetworkChoices(
                ALL.detector(),
                ALL.poses(),
                Optional.of(new NetworkChoice("efficientvit-seg-b0-street", Optional.of(broken))),
                Optional.empty());

        assertThatThrownBy(() -> ShippedNetworks.load(choices)).hasMessageContaining("broken.safetensors");
    }
}
