package sightline.operators.depict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Brief;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Viewpoint;

class LayoutRasterTest {
    private final Brief fall = Briefs.fall();

    @ParameterizedTest
    @CsvSource({"64, 64", "320, 180", "512, 512"})
    void sameBriefGivesTheSameRasterAtAnySize(int width, int height) {
        LayoutRaster raster = LayoutRaster.of(fall, width, height);
        assertThat(raster).isEqualTo(LayoutRaster.of(fall, width, height));
        assertThat(raster.classes()).hasSize(width * height);
        assertThat(raster.poses()).hasSize(14 * width * height);
    }

    @Test
    void everybodyIsAnInstanceOfTheirClassAtTheirDepth() {
        int width = 640;
        int height = 360;
        LayoutRaster raster = LayoutRaster.of(fall, width, height);
        Eye eye = new Eye(fall.viewpoint(), width, height);
        for (int i = 0; i < fall.people().size(); i++) {
            Brief.Person person = fall.people().get(i);
            double[] hip = Figure.joints(person).get(6);
            double[] at = eye.project(hip);
            int pixel = ((int) at[1]) * width + (int) at[0];
            assertThat(raster.instances()[pixel]).as(person.track()).isEqualTo((byte) (i + 1));
            assertThat(raster.classes()[pixel])
                    .isEqualTo((byte) (LayoutRaster.FIRST_OBJECT + ObjectClass.PERSON.ordinal()));
            assertThat(raster.depth()[pixel]).isCloseTo((float) eye.depth(hip), within(0.5f));
        }
    }

    @Test
    void jointsAreMarkedWhereTheyAre() {
        LayoutRaster raster = LayoutRaster.of(fall, 640, 360);
        Eye eye = new Eye(fall.viewpoint(), 640, 360);
        double[] hip = eye.project(Figure.joints(fall.people().get(2)).get(6));
        int most = 0;
        for (int dy = -4; dy <= 4; dy++) {
            for (int dx = -4; dx <= 4; dx++) {
                int i = (6 * 360 + (int) hip[1] + dy) * 640 + (int) hip[0] + dx;
                most = Math.max(most, raster.poses()[i] & 255);
            }
        }
        assertThat(most).isGreaterThan(150);
    }

    @Test
    void zonesAreFloorAndTheSkyIsFar() {
        LayoutRaster raster = LayoutRaster.of(fall.withViewpoint(new Viewpoint("level", -9, -8, 2, 0.8, 0, 1)), 64, 64);
        assertThat(raster.classes()[32]).isEqualTo((byte) LayoutRaster.SKY);
        assertThat(raster.depth()[32]).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(raster.classes()).contains((byte) LayoutRaster.ZONE, (byte) LayoutRaster.GROUND);
    }

    @Test
    void sizesOutOfRangeAreRefusedWithTheRange() {
        assertThatThrownBy(() -> LayoutRaster.of(fall, 4096, 64)).hasMessageContaining("64..2048");
    }
}
