package sightline.kernels.cuda.half;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Pixels;

/**
 * How a depthwise convolution is cut into the blocks of {@code depthwise_tile.cu}.
 *
 * @param kernel side of the filters
 * @param stride of both axes
 * @param span columns of a thread's patch
 * @param band channels of a block
 * @param across warps of a block that lie side by side, of four
 * @param tilesX tiles of an image along a row
 * @param tilesY along a column
 */
record DepthwiseTile(int kernel, int stride, int span, int band, int across, int tilesX, int tilesY) {
    static final int THREADS = 128;
    private static final int WARPS = THREADS / 32;
    private static final int PATCH_ROWS = 2;
    /** Blocks under which narrower bands and patches are better: a few on each multiprocessor. */
    private static final long ENOUGH_BLOCKS = 528;

    /** The cut that the model of its time favours for an output of this size; null where channels do not divide into bands. */
    static DepthwiseTile of(Pixels y, int kernel, int stride) {
        DepthwiseTile best = null;
        for (DepthwiseTile tile : all(y, kernel, stride)) {
            if (best == null || tile.cost(y) < 0.95 * best.cost(y)) {
                best = tile;
            }
        }
        return best;
    }

    /** Every cut, none where channels do not divide into bands. */
    static List<DepthwiseTile> all(Pixels y, int kernel, int stride) {
        List<DepthwiseTile> tiles = new ArrayList<>();
        for (int band : new int[] {32, 16}) {
            for (int span : stride == 1 ? new int[] {8, 4} : new int[] {4}) {
                for (int across : new int[] {4, 2, 1}) {
                    if (y.stored() % band == 0) {
                        DepthwiseTile sized = new DepthwiseTile(kernel, stride, span, band, across, 0, 0);
                        int tilesX = (y.width() + sized.width() - 1) / sized.width();
                        int tilesY = (y.height() + sized.height() - 1) / sized.height();
                        tiles.add(new DepthwiseTile(kernel, stride, span, band, across, tilesX, tilesY));
                    }
                }
            }
        }
        return tiles;
    }

    /** Relative time: the arithmetic of all threads, used or not, what is fetched, and idle multiprocessors. */
    private double cost(Pixels y) {
        double arithmetic = (double) THREADS * PATCH_ROWS * span * kernel * kernel * 2;
        double overhead = 1 + 2.0 / span;
        double fetched = (double) inHeight() * inWidth() * band * 6;
        long blocks = (long) tilesX * tilesY * (y.stored() / band) * y.batch();
        return (arithmetic * overhead + fetched) * Math.max(blocks, ENOUGH_BLOCKS);
    }

    private int height() {
        return WARPS / across * (64 / band) * PATCH_ROWS;
    }

    private int width() {
        return across * span;
    }

    private int inHeight() {
        return (height() - 1) * stride + kernel;
    }

    private int inWidth() {
        return (width() - 1) * stride + kernel;
    }

    int shared() {
        int pitch = (inWidth() * band * 2 + 63) / 64 * 64 + (stride == 1 ? band : 16);
        return kernel * kernel * band * 4 + inHeight() * pitch;
    }

    Grid grid(Pixels y) {
        return new Grid(y.stored() / band, tilesX * tilesY, y.batch());
    }

    String name() {
        return "depthwise_tile_" + kernel + "_" + stride + "_" + span + "_" + band;
    }
}
