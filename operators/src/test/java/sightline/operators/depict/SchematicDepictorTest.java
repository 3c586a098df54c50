package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Brief;
import sightline.config.domain.Viewpoint;

class SchematicDepictorTest {
    @Test
    void equalBriefsGiveEqualPictures() {
        byte[] once = pixels(SchematicDepictor.image(Briefs.fall(), 640, 360));
        byte[] again = pixels(SchematicDepictor.image(Briefs.fall(), 640, 360));
        assertThat(once).isEqualTo(again);
    }

    @Test
    void movedPersonChangesThePicture() {
        assertThat(pixels(SchematicDepictor.image(Briefs.crowd(1, 3), 320, 180)))
                .isNotEqualTo(pixels(SchematicDepictor.image(Briefs.crowd(2, 3), 320, 180)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"above", "behind", "inside"})
    void anyViewpointDraws(String from) {
        Brief fall = Briefs.fall();
        Viewpoint viewpoint =
                switch (from) {
                    case "above" -> Viewpoint.above(1, 2, 6);
                    case "behind" -> Viewpoint.towards("behind", 8, 8, 3, 20, 20);
                    default -> Viewpoint.towards("inside", 0.1, 0.1, 1.6, 3, 2.5);
                };
        BufferedImage image = SchematicDepictor.image(fall.withViewpoint(viewpoint), 320, 180);
        assertThat(image.getRGB(160, 90)).isNotEqualTo(0xff000000);
    }

    @Test
    void eyeSeesItsTargetInTheMiddle() {
        Viewpoint v = Viewpoint.towards("c", -9, -8, 4.5, 1, 1);
        double[] middle = new Eye(v, 640, 360).project(1, 1, 0);
        assertThat(middle[0]).isCloseTo(320, within(1e-6));
        assertThat(middle[1]).isCloseTo(180, within(1e-6));
    }

    @Test
    void eastIsRightAndNorthIsUpFromAbove() {
        Eye eye = new Eye(Viewpoint.above(0, 0, 10), 400, 400);
        assertThat(eye.project(1, 0, 0)[0]).isGreaterThan(200);
        assertThat(eye.project(0, 1, 0)[1]).isLessThan(200);
    }

    private static byte[] pixels(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }
}
