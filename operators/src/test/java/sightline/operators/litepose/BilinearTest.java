package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BilinearTest {
    @Test
    void centresAreHalfPixelsAndEdgesAreRepeated() {
        float[] target = new float[8];
        new Bilinear(1, 2, 2, 4).resize(new float[] {0, 1}, 0, target, 0);
        assertThat(target).containsExactly(0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1);
    }

    @ParameterizedTest
    @CsvSource({"3, 5, 6, 10", "4, 4, 13, 9", "1, 1, 4, 4", "7, 6, 7, 6"})
    void rowsAndSinglePointsAreTheSameToTheLastBit(int height, int width, int toHeight, int toWidth) {
        SplittableRandom random = new SplittableRandom(1);
        float[] source = new float[2 + height * width];
        for (int i = 0; i < source.length; i++) {
            source[i] = (float) random.nextGaussian();
        }
        float[] target = new float[3 + toHeight * toWidth];
        Bilinear bilinear = new Bilinear(height, width, toHeight, toWidth);
        bilinear.resize(source, 2, target, 3);
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                assertThat(target[3 + y * toWidth + x]).isEqualTo(bilinear.at(source, 2, y, x));
            }
        }
    }
}
