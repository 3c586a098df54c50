package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import sightline.config.domain.Brief;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderRequest;
import sightline.config.time.TimeSource;

class MarkingTest {
    private static final Marking.Provenance DRAWN = new Marking.Provenance("schematic/1", "00ff", false);

    private final Brief brief = Briefs.fall();

    @Test
    void pictureWithoutMarkIsNotTakenForADepiction() throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ImageIO.write(SchematicDepictor.image(brief, 64, 48), "png", plain);
        assertThat(Marking.isMarked(plain.toByteArray())).isFalse();
        assertThat(Marking.isMarked(new byte[3])).isFalse();
    }

    @Test
    void everyDepictionIsMarkedInMetadataAndStillDecodes() throws IOException {
        byte[] png = Marking.png(new Depiction(SchematicDepictor.image(brief, 320, 240), 1), brief, DRAWN);
        assertThat(Marking.isMarked(png)).isTrue();
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(decoded.getWidth()).isEqualTo(320);
    }

    @Test
    void everyDepictionIsMarkedInThePixels() {
        BufferedImage image = SchematicDepictor.image(brief, 320, 240);
        assertThat(stripIsDark(image)).isFalse();
        Marking.png(new Depiction(image, 1), brief, DRAWN);
        assertThat(stripIsDark(image)).isTrue();
    }

    @Test
    void svgSaysThatItIsSynthetic() {
        assertThat(SchematicDepictor.svg(brief, 640, 360)).contains("SYNTHETIC").startsWith("<svg");
    }

    @Test
    void exiftoolReadsTheMark(@TempDir Path dir) throws Exception {
        byte[] png = Marking.png(new Depiction(SchematicDepictor.image(brief, 320, 240), 1), brief, DRAWN);
        assertThat(exiftool(dir, "depiction.png", png))
                .contains("FileType                        : PNG")
                .contains("dataDrivenMedia")
                .contains("SYNTHETIC")
                .contains(brief.event())
                .contains("HistoryAction                   : created")
                .contains("HistorySoftwareAgent            : Sightline schematic/1")
                .contains("DocumentID                      : urn:sightline:depiction:00ff");
    }

    @Test
    void exiftoolReadsTheMarkOfASequence(@TempDir Path dir) throws Exception {
        Depiction sequence = new SequenceDepictor()
                .depict(brief, new Sitting(320, 240, 0, 1000, Long.MAX_VALUE))
                .blockLast();
        byte[] png = Marking.png(sequence, brief, new Marking.Provenance("sequence/1", "00ff", false));
        assertThat(exiftool(dir, "sequence.png", png))
                .contains("FileType                        : APNG")
                .contains("dataDrivenMedia")
                .contains("SYNTHETIC")
                .contains(brief.event());
    }

    private static String exiftool(Path dir, String name, byte[] png) throws IOException, InterruptedException {
        Path file = Files.write(dir.resolve(name), png);
        Process exiftool;
        try {
            exiftool = new ProcessBuilder("exiftool", "-FileType", "-XMP:all", "-s", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return abort("exiftool is not installed");
        }
        String text = new String(exiftool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(exiftool.waitFor()).as(text).isZero();
        return text;
    }

    /** What the metadata say of who drew it must follow from who drew it. */
    @ParameterizedTest
    @CsvSource({
        "schematic, dataDrivenMedia",
        "sequence, dataDrivenMedia",
        "scene, dataDrivenMedia",
        "net, trainedAlgorithmicMedia"
    })
    void onlyATrainedNetworkIsMarkedAsOne(String depictor, String marked) {
        List<byte[]> kept = new ArrayList<>();
        Studio studio = new Studio(
                List.of(new SequenceDepictor(), new SceneDepictor(), new Trained()),
                new ReadBackGate(image -> ReadBackGate.Sight.nothing(), ReadBackGate.Tolerance.DEFAULT),
                (png, shown) -> {
                    kept.add(png);
                    return "ref";
                },
                TimeSource.system());
        // Previews carry the mark of their depictor; a final picture that the gate rejects is the schematic.
        studio.draw(new RenderRequest(brief, depictor, 0, 1000, Long.MAX_VALUE, 0, 160, 96, Origin.SIMULATED))
                .blockLast();
        assertThat(new String(kept.getFirst(), StandardCharsets.UTF_8))
                .contains("digitalsourcetype/" + marked)
                .doesNotContain("digitalsourcetype/" + (marked.startsWith("data") ? "trained" : "data"));
    }

    /** A network's stand-in: a preview is enough. */
    private static final class Trained implements Depictor {
        @Override
        public String name() {
            return "net";
        }

        @Override
        public String engine() {
            return "net/1";
        }

        @Override
        public Flux<Depiction> depict(Brief of, Sitting sitting) {
            return Flux.just(new Depiction(SchematicDepictor.image(of, sitting.width(), sitting.height()), 0.5));
        }
    }

    /** The strip covers the lower edge from side to side. */
    private static boolean stripIsDark(BufferedImage image) {
        for (int x = 0; x < image.getWidth(); x++) {
            int rgb = image.getRGB(x, image.getHeight() - 1);
            if ((rgb >> 16 & 255) > 80 || (rgb >> 8 & 255) > 80 || (rgb & 255) > 80) {
                return false;
            }
        }
        return true;
    }
}
