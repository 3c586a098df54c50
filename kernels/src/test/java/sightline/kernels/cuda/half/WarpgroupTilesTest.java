package sightline.kernels.cuda.half;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.cuda.program.Pixels;

/** The kernels whose blocks stay on a multiprocessor: what they need fits, and which is guessed first. */
class WarpgroupTilesTest {
    /** Of an H100 or H200: shared memory of a block, and multiprocessors. */
    private static final int SHARED = 232_448;

    private static final int MULTIPROCESSORS = 132;
    private static final int UNIT = 8;

    private static Pixels pixels(int batch, int height, int width, int channels) {
        return new Pixels(null, batch, height, width, channels);
    }

    private static int rounds(int pieces, int each) {
        return (pieces + each - 1) / each;
    }

    @ParameterizedTest
    @CsvSource({"64,64,1", "32,64,2", "128,128,1", "64,128,2", "256,256,1"})
    void bottlenecksFitAndTheEvenestIsGuessedFirst(int channels, int filters, int stride) {
        SplittableRandom random = new SplittableRandom(channels + stride);
        for (int time = 0; time < 50; time++) {
            Pixels y = pixels(random.nextInt(1, 20), random.nextInt(1, 90), random.nextInt(1, 90), filters);
            Pixels x = pixels(y.batch(), stride * y.height(), stride * y.width(), channels);
            List<FusedTile> tiles = FusedTile.candidates(x, 256, stride, y);
            int units = y.batch() * rounds(y.height(), UNIT) * rounds(y.width(), UNIT);
            assertThat(tiles).isNotEmpty().allSatisfy(tile -> {
                assertThat(tile.shared()).isLessThanOrEqualTo(SHARED);
                assertThat(tile.grid(y).x()).isBetween(1, Math.min(units, MULTIPROCESSORS));
            });
            List<Integer> busiest = tiles.stream()
                    .map(tile -> rounds(rounds(units, tile.units()), MULTIPROCESSORS) * tile.units())
                    .toList();
            assertThat(busiest).isSorted();
        }
    }

    @Test
    void whereNoKernelIsForASizeTheTwoConvolutionsStayApart() {
        assertThat(FusedTile.candidates(pixels(1, 8, 8, 64), 200, 1, pixels(1, 8, 8, 64)))
                .isEmpty();
        assertThat(FusedTile.candidates(pixels(1, 8, 8, 64), 256, 1, pixels(1, 8, 8, 128)))
                .isEmpty();
        assertThat(FusedTile.candidates(pixels(1, 8, 8, 60), 256, 1, pixels(1, 8, 8, 64)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {65, 400, 6_400, 102_400})
    void wideTilesFitAndHaveWorkForEveryBlock(long pixels) {
        for (int filters : new int[] {64, 200, 3_072}) {
            List<WideTile> tiles = WideTile.candidates(pixels, 512, filters);
            assertThat(tiles).isNotEmpty().allSatisfy(tile -> {
                assertThat(tile.shared()).isLessThanOrEqualTo(SHARED);
                long pieces = rounds((int) pixels, tile.units() * 64) * (long) rounds(filters, 128);
                assertThat(tile.grid(pixels, filters).x()).isEqualTo((int) Math.min(pieces, MULTIPROCESSORS));
                assertThat(tile.fills(pixels, filters)).isEqualTo(pieces >= MULTIPROCESSORS);
            });
            assertThat(tiles.stream().map(tile -> !tile.fills(pixels, filters))).isSorted();
        }
        assertThat(WideTile.candidates(pixels, 56, 512)).isEmpty();
        assertThat(WideTile.candidates(pixels, 512, 56)).isEmpty();
    }

    @Test
    void filtersOfAStemAreTheSumOfTwoHalves() {
        SplittableRandom random = new SplittableRandom(7);
        int filters = 40;
        float[] w = new float[27 * filters];
        IntStream.range(0, w.length).forEach(i -> w[i] = (float) random.nextGaussian());
        MemorySegment packed = Packing.stem(w, filters);
        for (int i = 0; i < w.length; i++) {
            long at = 2L * (i % filters * 32 + i / filters);
            float high = Float.float16ToFloat(packed.get(ValueLayout.JAVA_SHORT, at));
            float low = Float.float16ToFloat(packed.get(ValueLayout.JAVA_SHORT, at + 2 * 64 * 32));
            assertThat(high + low).isCloseTo(w[i], Offset.offset(Math.abs(w[i]) / (1 << 20) + 1e-7f));
        }
    }
}
