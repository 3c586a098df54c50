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
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.domain.Brief;

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
        Path file = dir.resolve("depiction.png");
        Files.write(file, Marking.png(new Depiction(SchematicDepictor.image(brief, 320, 240), 1), brief, DRAWN));
        Process exiftool;
        try {
            exiftool = new ProcessBuilder("exiftool", "-XMP:all", "-s", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            abort("exiftool is not installed");
            return;
        }
        String text = new String(exiftool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(exiftool.waitFor()).isZero();
        assertThat(text).contains("dataDrivenMedia").contains("SYNTHETIC").contains(brief.event());
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
