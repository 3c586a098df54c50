package sightline.kernels.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageToTensorTest {
    private static float[] run(TestPicture picture, Placement placement, Resampling resampling) {
        ImageToTensor transform = new ImageToTensor(placement, resampling, TestPicture.PLAIN);
        MemorySegment target = Arena.ofAuto().allocate(4 * transform.floats());
        for (long i = 0; i < transform.floats(); i++) {
            target.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, Float.NaN);
        }
        transform.pad(target, 0, 7);
        transform.write(picture, target, 0);
        float[] out = new float[(int) transform.floats()];
        MemorySegment.copy(target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, out, 0, out.length);
        return out;
    }

    @ParameterizedTest
    @EnumSource(Resampling.class)
    void sameSizeIsTheSamePicture(Resampling resampling) {
        TestPicture picture = TestPicture.random(9, 7, 1);
        float[] out = run(picture, Placement.stretch(9, 7, 9, 7), resampling);
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 7; y++) {
                for (int x = 0; x < 9; x++) {
                    assertThat(out[(c * 7 + y) * 9 + x]).isCloseTo((float) picture.clamped(x, y, c), within(1e-6f));
                }
            }
        }
    }

    /** Straight from the definition: two neighbours, half-pixel centres. */
    @Test
    void linearIsOpenCvsLinear() {
        TestPicture picture = TestPicture.random(13, 11, 2);
        float[] out = run(picture, Placement.stretch(13, 11, 8, 17), Resampling.LINEAR);
        for (int y = 0; y < 17; y++) {
            double sy = (y + 0.5) * 11 / 17 - 0.5;
            int y0 = (int) Math.floor(sy);
            for (int x = 0; x < 8; x++) {
                double sx = (x + 0.5) * 13 / 8 - 0.5;
                int x0 = (int) Math.floor(sx);
                double fx = sx - x0;
                double fy = sy - y0;
                double expected = (1 - fy)
                                * ((1 - fx) * picture.clamped(x0, y0, 1) + fx * picture.clamped(x0 + 1, y0, 1))
                        + fy * ((1 - fx) * picture.clamped(x0, y0 + 1, 1) + fx * picture.clamped(x0 + 1, y0 + 1, 1));
                assertThat((double) out[(17 + y) * 8 + x]).isCloseTo(expected, within(1e-5));
            }
        }
    }

    /** Straight from PIL's definition: a kernel as wide as the scale, cut off at the edges, its weights adding up to 1. */
    @ParameterizedTest
    @CsvSource({
        "TRIANGLE, 13, 5", "TRIANGLE, 47, 16", "TRIANGLE, 32, 16", "TRIANGLE, 90, 8", "TRIANGLE, 9, 30",
        "SOFT_CUBIC, 13, 5", "SOFT_CUBIC, 47, 16", "SOFT_CUBIC, 32, 16", "SOFT_CUBIC, 90, 8", "SOFT_CUBIC, 9, 30"
    })
    void antialiasedIsPilsDefinition(Resampling resampling, int from, int to) {
        TestPicture picture = TestPicture.random(from, from, 7);
        float[] out = run(picture, Placement.stretch(from, from, to, to), resampling);
        double[][] weights = new double[to][from];
        double scale = Math.max(1, (double) from / to);
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * from / to;
            double sum = 0;
            for (int j = 0; j < from; j++) {
                weights[i][j] = kernel(resampling, Math.abs((j + 0.5 - centre) / scale));
                sum += weights[i][j];
            }
            for (int j = 0; j < from; j++) {
                weights[i][j] /= sum;
            }
        }
        for (int y = 0; y < to; y++) {
            for (int x = 0; x < to; x++) {
                double expected = 0;
                for (int v = 0; v < from; v++) {
                    for (int u = 0; u < from; u++) {
                        expected += weights[y][v] * weights[x][u] * picture.clamped(u, v, 2);
                    }
                }
                assertThat((double) out[(2 * to + y) * to + x]).isCloseTo(expected, within(2e-6));
            }
        }
    }

    private static double kernel(Resampling resampling, double t) {
        if (resampling == Resampling.TRIANGLE) {
            return Math.max(0, 1 - t);
        }
        double near = 1.5 * t * t * t - 2.5 * t * t + 1;
        double far = -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2;
        return t < 1 ? near : t < 2 ? far : 0;
    }

    @ParameterizedTest
    @EnumSource(Resampling.class)
    void flatPictureStaysFlatAtAnyScale(Resampling resampling) {
        byte[] grey = new byte[3 * 50 * 40];
        java.util.Arrays.fill(grey, (byte) 128);
        for (int[] size : new int[][] {{50, 40}, {7, 3}, {120, 90}, {1, 1}, {51, 41}}) {
            float[] out = run(TestPicture.of(50, 40, grey), Placement.stretch(50, 40, size[0], size[1]), resampling);
            for (float value : out) {
                assertThat(value).isCloseTo(128 / 255f, within(1e-5f));
            }
        }
    }

    @Test
    void antialiasedHalvingAveragesWhatPointSamplingMisses() {
        byte[] stripes = new byte[3 * 64 * 4];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = (byte) (i / 3 % 4 == 0 ? 255 : 0);
        }
        float[] out = run(TestPicture.of(64, 4, stripes), Placement.stretch(64, 4, 8, 4), Resampling.TRIANGLE);
        for (int x = 1; x < 7; x++) {
            assertThat(out[x]).isCloseTo(0.25f, within(0.02f));
        }
    }

    @Test
    void paddingSurroundsAFittedPictureAndEverythingIsWritten() {
        float[] out = run(TestPicture.random(40, 20, 3), Placement.fit(40, 20, 16, 16), Resampling.TRIANGLE);
        assertThat(out).doesNotContain(Float.NaN);
        assertThat(out[8 * 16]).isEqualTo(7);
        assertThat(out[7 * 16 + 15]).isLessThanOrEqualTo(1.001f);
    }

    @ParameterizedTest
    @EnumSource(Resampling.class)
    void onePixelPictureAndVeryWideOneAreFine(Resampling resampling) {
        assertThat(run(TestPicture.random(1, 1, 4), Placement.stretch(1, 1, 5, 5), resampling))
                .doesNotContain(Float.NaN);
        assertThat(run(TestPicture.random(10_000, 10, 5), Placement.fit(10_000, 10, 32, 32), resampling))
                .doesNotContain(Float.NaN);
    }

    /** Rows are shared out among threads; who computes one does not matter. */
    @ParameterizedTest
    @EnumSource(Resampling.class)
    void morePairsOfHandsMakeTheSamePicture(Resampling resampling) {
        TestPicture picture = TestPicture.random(61, 47, 6);
        for (Placement placement : new Placement[] {
            Placement.fit(61, 47, 32, 32), Placement.stretch(61, 47, 96, 2), Placement.fit(61, 47, 96, 96)
        }) {
            float[] alone = run(picture, placement, resampling);
            ImageToTensor shared = new ImageToTensor(placement, resampling, TestPicture.PLAIN, 3);
            MemorySegment target = Arena.ofAuto().allocate(4 * shared.floats());
            shared.pad(target, 0, 7);
            shared.write(picture, target, 0);
            assertThat(target.toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(alone);
        }
    }

    @Test
    void emptyPictureIsRefusedByName() {
        assertThatThrownBy(() -> Placement.fit(0, 5, 16, 16)).hasMessageContaining("0x5");
    }
}
