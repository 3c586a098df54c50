package sightline.kernels.cuda;

import sightline.kernels.cuda.Launch.Grid;

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
        boolean expand = depth <= FEW;
        boolean project = stored <= FEW_FILTERS && depth <= MOST_CHANNELS;
        if (!(expand || project) || (depth > 16 && pixels < MANY_PIXELS)) {
            return null;
        }
        int chunks = (depth + 31) / 32;
        int pitch = chunks * 32 + (chunks % 2 == 0 ? 32 : 0);
        long blocks = (pixels + PIXELS * WARPS - 1) / (PIXELS * WARPS);
        int groups = (stored + 31) / 32;
        if (!expand) {
            Grid grid = Grid.of(Math.min(blocks, BLOCKS));
            return new PointwiseCut("pointwise_project_" + groups, pitch, groups * 32, grid);
        }
        int most = Math.max(1, MOST_BYTES / (pitch * 2 * 32));
        int splits = (groups + most - 1) / most;
        while (splits < groups && blocks * splits < BLOCKS / 2) {
            splits++;
        }
        int each = (groups + splits - 1) / splits;
        splits = (groups + each - 1) / each;
        Grid grid = new Grid((int) Math.min(blocks, Math.max(1, BLOCKS / splits)), splits, 1);
        return new PointwiseCut("pointwise_expand_" + chunks, pitch, each * 32, grid);
    }

    int shared() {
        return each * (pitch * 2 + 4);
    }
}
