package sightline.operators.canvas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {
    private static final int RED = 0xff0000;

    private final Plot plot = new Plot(40, 20, "one disc", canvas -> canvas.disc(10, 10, 6, RED, 1));

    @TempDir
    private Path folder;

    @Test
    void pngAndSvgShowTheSame() throws Exception {
        plot.write(folder.resolve("a.png"));
        plot.write(folder.resolve("a.SVG"));
        BufferedImage image = ImageIO.read(folder.resolve("a.png").toFile());
        assertThat(image.getWidth()).isEqualTo(40);
        assertThat(image.getRGB(10, 10) & 0xffffff).isEqualTo(RED);
        assertThat(image.getRGB(35, 10) & 0xffffff).isEqualTo(0xffffff);
        assertThat(Files.readString(folder.resolve("a.SVG"))).contains("<circle cx=\"10.00\"", "#ff0000");
    }

    @Test
    void anotherEndOfTheNameIsRefusedBeforeAnythingIsWritten() {
        Path file = folder.resolve("a.pdf");
        assertThatThrownBy(() -> plot.write(file))
                .hasMessageContaining(".png or .svg")
                .hasMessageContaining("a.pdf");
        assertThat(file).doesNotExist();
    }
}
