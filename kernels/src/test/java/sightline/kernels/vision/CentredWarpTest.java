package sightline.kernels.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CentredWarpTest {
    /**
     * The affine transform from three pairs of points, as the official pose code builds it, inverted and evaluated at every
     * index of the input: half the input's width and the picture's rounded centre correspond, as do the points half a width
     * above them.
     */
    @ParameterizedTest
    @CsvSource({"37, 53, 64, 128", "90, 61, 128, 64", "64, 64, 64, 64", "5, 9, 64, 128", "1, 1, 64, 64"})
    void inputIsWhatTheOfficialAffineTransformGives(int width, int height, int inputWidth, int inputHeight) {
        double scale = width < height ? (double) inputWidth / width : (double) inputHeight / height;
        CentredWarp warp = new CentredWarp(width, height, inputWidth, inputHeight, scale);
        TestPicture picture = TestPicture.random(width, height, width);
        ImageToTensor transform = new ImageToTensor(warp, Resampling.LINEAR, TestPicture.PLAIN);
        MemorySegment target = Arena.ofAuto().allocate(4 * transform.floats());
        transform.write(picture, target, 0);
        int centreX = (int) (width / 2.0 + 0.5);
        int centreY = (int) (height / 2.0 + 0.5);
        double span = inputWidth / scale;
        for (int y = 0; y < inputHeight; y++) {
            double sy = centreY + (y - inputHeight * 0.5) * (span * 0.5) / (inputWidth * 0.5);
            for (int x = 0; x < inputWidth; x++) {
                double sx = centreX + (x - inputWidth * 0.5) * (span * 0.5) / (inputWidth * 0.5);
                long x0 = (long) Math.floor(sx);
                long y0 = (long) Math.floor(sy);
                double expected = (1 - sy + y0)
                                * ((1 - sx + x0) * picture.framed(x0, y0, 2)
                                        + (sx - x0) * picture.framed(x0 + 1, y0, 2))
                        + (sy - y0)
                                * ((1 - sx + x0) * picture.framed(x0, y0 + 1, 2)
                                        + (sx - x0) * picture.framed(x0 + 1, y0 + 1, 2));
                long index = (2L * inputHeight + y) * inputWidth + x;
                assertThat((double) target.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index))
                        .isCloseTo(expected, within(2e-5));
                assertThat(warp.toSourceX(x)).isCloseTo(sx, within(1e-9));
                assertThat(warp.toSourceY(y)).isCloseTo(sy, within(1e-9));
            }
        }
    }
}
