package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Brief;

class SceneDepictorTest {
    private static final Sitting SITTING = new Sitting(320, 180, 5, 10_000, Long.MAX_VALUE);

    private final Brief fall = Briefs.fall();

    @Test
    void previewsSharpenToTheFinalSize() {
        List<Depiction> steps =
                new SceneDepictor().depict(fall, SITTING).collectList().block();
        assertThat(steps).extracting(Depiction::progress).isSorted().endsWith(1.0);
        assertThat(steps).extracting(d -> d.image().getWidth()).isSorted().endsWith(320);
        assertThat(steps.getFirst().image().getWidth()).isLessThan(320);
    }

    @Test
    void equalBriefsAndSeedsGiveEqualPictures() {
        assertThat(pixels(drawn(fall))).isEqualTo(pixels(drawn(fall)));
    }

    @Test
    void whoIsInvolvedIsDrawnInAnotherColour() {
        int orange = 0;
        BufferedImage image = drawn(fall);
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            int red = rgb >> 16 & 255;
            int blue = rgb & 255;
            orange += red > 110 && red > 3 * blue ? 1 : 0;
        }
        assertThat(orange).isGreaterThan(40);
    }

    @Test
    void nothingIsDrawnAfterCancellation() {
        assertThat(new SceneDepictor()
                        .depict(fall, SITTING)
                        .take(1)
                        .collectList()
                        .block())
                .hasSize(1);
    }

    private static BufferedImage drawn(Brief brief) {
        return new SceneDepictor().depict(brief, SITTING).blockLast().image();
    }

    private static byte[] pixels(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }
}
