package sightline.kernels.cuda.half;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * How a 1x1 convolution that is bound by memory is cut into the blocks of {@code pointwise_half.cu}.
 *
 * @param kernel which of its kernels
 * @param pitch halves from one filter to the next in shared memory
 * @param each filters of a block
 * @param grid blocks
 */
record PointwiseCut(String kernel, int pitch, int each, Grid grid) {
    static final int THREADS = 128;
    private static final int WARPS = THREADS / 32;
    private static final int PIXELS = 32;
    /** Blocks that stay, a few on each multiprocessor of the devices that we know. */
    private static final int BLOCKS = 528;
    /** Channels in or filters out up to which arithmetic is not the limit. */
    private static final int FEW = 128;

    private static final int FEW_FILTERS = 64;
    private static final int MOST_CHANNELS = 512;
    private static final long MANY_PIXELS = 4096;
    private static final int MOST_BYTES = 24 << 10;

    /** Null where the implicit GEMM is the better one: many channels on both sides, or so few pixels that its tiles fill. */
    static PointwiseCut of(long pixels, int depth, int stored) {
        boolean enough = depth <= 16 || pixels >= MANY_PIXELS;
        if (enough && depth <= FEW) {
            int groups = groups(stored);
            int splits = leastSplits(depth, groups);
            while (splits < groups && blocks(pixels) * splits < BLOCKS / 2) {
                splits++;
            }
            return expand(pixels, depth, groups, splits, BLOCKS);
        }
        return enough && projects(depth, stored) ? project(pixels, depth, stored, BLOCKS) : null;
    }

    /** Every cut that may be the best one. */
    static List<PointwiseCut> all(long pixels, int depth, int stored) {
        List<PointwiseCut> cuts = new ArrayList<>();
        int groups = groups(stored);
        for (int most : new int[] {BLOCKS, BLOCKS / 2, 2 * BLOCKS}) {
            if (depth <= FEW) {
                int least = leastSplits(depth, groups);
                IntStream.of(least, 2 * least, 4 * least, groups)
                        .filter(splits -> splits <= groups)
                        .forEach(splits -> cuts.add(expand(pixels, depth, groups, splits, most)));
            }
            if (projects(depth, stored)) {
                cuts.add(project(pixels, depth, stored, most));
            }
        }
        return cuts.stream().distinct().toList();
    }

    private static boolean projects(int depth, int stored) {
        return stored <= FEW_FILTERS && depth <= MOST_CHANNELS;
    }

    private static PointwiseCut project(long pixels, int depth, int stored, int most) {
        int groups = groups(stored);
        Grid grid = Grid.of(Math.min(blocks(pixels), most));
        return new PointwiseCut("pointwise_project_" + groups, pitch(depth), groups * 32, grid);
    }

    /** Filters divided among so many rows of blocks, fewer where that comes out even. */
    private static PointwiseCut expand(long pixels, int depth, int groups, int rows, int most) {
        int each = (groups + rows - 1) / rows;
        int splits = (groups + each - 1) / each;
        Grid grid = new Grid((int) Math.min(blocks(pixels), Math.max(1, most / splits)), splits, 1);
        return new PointwiseCut("pointwise_expand_" + (depth + 31) / 32, pitch(depth), each * 32, grid);
    }

    /** So many that a block's filters leave room for other blocks. */
    private static int leastSplits(int depth, int groups) {
        int most = Math.max(1, MOST_BYTES / (pitch(depth) * 2 * 32));
        return (groups + most - 1) / most;
    }

    private static int groups(int stored) {
        return (stored + 31) / 32;
    }

    private static long blocks(long pixels) {
        return (pixels + PIXELS * WARPS - 1) / (PIXELS * WARPS);
    }

    private static int pitch(int depth) {
        int chunks = (depth + 31) / 32;
        return chunks * 32 + (chunks % 2 == 0 ? 32 : 0);
    }

    int shared() {
        return each * (pitch * 2 + 4);
    }
}
