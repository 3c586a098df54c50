package sightline.kernels.cuda.half;

import java.util.Comparator;
import java.util.List;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;

/**
 * A kernel of {@code conv_halo.cu}: a 3x3 convolution of stride one that fetches its pixels once for all taps. Hopper's own.
 *
 * @param filters of a block
 * @param channels of a step of the inner dimension
 * @param stages of one tap's filters
 */
record HaloTile(int filters, int channels, int stages) {
    static final int THREADS = 288;

    private static final List<HaloTile> ALL = List.of(
            new HaloTile(128, 64, 4),
            new HaloTile(64, 64, 6),
            new HaloTile(128, 32, 6),
            new HaloTile(64, 32, 9),
            new HaloTile(32, 32, 9));
    /** Pixels of a block. */
    private static final int WIDTH = 16;

    private static final int HEIGHT = 8;
    private static final int HALO = 2;
    private static final int TAPS = 9;
    private static final int SWIZZLE = 1024;
    /** A grid's limit in its second dimension. */
    private static final int MOST_TILES = 65_535;
    /** Blocks under which narrower ones are better: one and a half a multiprocessor. */
    private static final int ENOUGH_BLOCKS = 200;

    /**
     * Those that fit, the best guess first.
     *
     * @param x read, its channels a multiple of 32 as stored
     * @param y of the same size
     */
    static List<HaloTile> candidates(Pixels x, Pixels y) {
        if (x.stored() % 32 != 0 || (long) x.batch() * tiles(y) > MOST_TILES) {
            return List.of();
        }
        int channels = x.stored() % 64 == 0 ? 64 : 32;
        return ALL.stream()
                .filter(t -> t.channels == channels && (t.filters < 2 * y.stored() || t.filters == 32))
                .sorted(Comparator.comparing(t -> t.blocks(y) < ENOUGH_BLOCKS))
                .toList();
    }

    private static int across(Pixels y) {
        return (y.width() + WIDTH - 1) / WIDTH;
    }

    private static int tiles(Pixels y) {
        return across(y) * ((y.height() + HEIGHT - 1) / HEIGHT);
    }

    private long blocks(Pixels y) {
        Grid grid = grid(y);
        return (long) grid.x() * grid.y();
    }

    Grid grid(Pixels y) {
        return new Grid((y.stored() + filters - 1) / filters, y.batch() * tiles(y), 1);
    }

    String kernel() {
        return "conv_halo_" + filters + "x" + channels;
    }

    /** Two boxes of pixels, the stages, their barriers, and what it takes to align them. */
    int shared() {
        int box = (WIDTH + HALO) * (HEIGHT + HALO) * channels * 2;
        int room = (box + SWIZZLE - 1) / SWIZZLE * SWIZZLE;
        return SWIZZLE + 2 * room + stages * filters * channels * 2 + Long.BYTES * (4 + 2 * stages);
    }

    /** The kernel's parameters up to how the sum is finished. */
    Params params(Pixels x, Slot weights, int filterRows, Slot bias, Pixels residual, Pixels y) {
        long[] picture = {x.stored(), x.width(), x.height(), x.batch()};
        long[] taps = {(long) TAPS * x.stored(), filterRows, 1, 1};
        return new Params()
                .boxes(x.slot(), picture, new int[] {channels, WIDTH + HALO, HEIGHT + HALO, 1})
                .boxes(weights, taps, new int[] {channels, filters, 1, 1})
                .slot(bias)
                .slot(residual == null ? null : residual.slot())
                .slot(y.slot())
                .int32(y.height(), y.width(), x.stored(), y.stored(), across(y), tiles(y));
    }
}
