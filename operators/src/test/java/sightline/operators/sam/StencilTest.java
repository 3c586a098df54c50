package sightline.operators.sam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Mask;

class StencilTest {
    private static final int SIDE = 32;

    /** The official steps one after the other, each written out: to 1024 x 1024, cut, to the picture. */
    private static double[][] official(float[] logits, PromptFrame frame) {
        double[][] small = new double[SIDE][SIDE];
        for (int i = 0; i < logits.length; i++) {
            small[i / SIDE][i % SIDE] = logits[i];
        }
        double[][] large = bilinear(small, 1024, 1024);
        double[][] cut = new double[frame.height()][];
        for (int y = 0; y < cut.length; y++) {
            cut[y] = Arrays.copyOf(large[y], frame.width());
        }
        return bilinear(cut, frame.sourceHeight(), frame.sourceWidth());
    }

    private static double[][] bilinear(double[][] from, int height, int width) {
        double[][] to = new double[height][width];
        for (int y = 0; y < height; y++) {
            double sy = Math.max(0, (y + 0.5) * from.length / height - 0.5);
            int y0 = (int) sy;
            int y1 = Math.min(y0 + 1, from.length - 1);
            for (int x = 0; x < width; x++) {
                double sx = Math.max(0, (x + 0.5) * from[0].length / width - 0.5);
                int x0 = (int) sx;
                int x1 = Math.min(x0 + 1, from[0].length - 1);
                double top = from[y0][x0] * (1 - sx + x0) + from[y0][x1] * (sx - x0);
                double bottom = from[y1][x0] * (1 - sx + x0) + from[y1][x1] * (sx - x0);
                to[y][x] = top * (1 - sy + y0) + bottom * (sy - y0);
            }
        }
        return to;
    }

    @ParameterizedTest
    @CsvSource({"640, 360", "360, 640", "1024, 1024", "37, 53", "1, 1", "3000, 7"})
    void pixelsAreThoseOfTheOfficialSteps(int width, int height) {
        SplittableRandom random = new SplittableRandom(width);
        float[] logits = new float[SIDE * SIDE];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian() - 0.5f;
        }
        PromptFrame frame = new PromptFrame(width, height);
        Mask mask = new Stencil(frame, SIDE).cut(new Answer(logits, 0.5), 0, 1);
        double[][] expected = official(logits, frame);
        int sure = 0;
        int possible = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double logit = expected[y][x];
                if (Math.abs(logit) > 1e-4) {
                    assertThat(mask.contains(x, y)).isEqualTo(logit > 0);
                }
                sure += logit > 1 ? 1 : 0;
                possible += logit > -1 ? 1 : 0;
            }
        }
        assertThat(mask.stability()).isCloseTo(possible == 0 ? 0 : (double) sure / possible, within(1e-3));
    }

    @Test
    void nothingAboveTheThresholdIsAnEmptyMask() {
        float[] logits = new float[SIDE * SIDE];
        Arrays.fill(logits, -5);
        Mask mask = new Stencil(new PromptFrame(640, 360), SIDE).cut(new Answer(logits, 0.5), 0, 1);
        assertThat(mask.area()).isZero();
        assertThat(mask.contains(0, 0)).isFalse();
    }

    @Test
    void rectangleIsTight() {
        float[] logits = new float[SIDE * SIDE];
        Arrays.fill(logits, -1);
        logits[5 * SIDE + 7] = 50;
        Mask mask = new Stencil(new PromptFrame(1024, 512), SIDE).cut(new Answer(logits, 0.5), 0, 0.5);
        assertThat(mask.contains(7 * 32 + 16, 5 * 32 + 16)).isTrue();
        assertThat(mask.box().iou(new sightline.config.domain.Box(6.5 * 32, 4.5 * 32, 64, 64)))
                .isGreaterThan(0.9);
        assertThat(mask.area()).isLessThanOrEqualTo(mask.width() * mask.height());
    }
}
