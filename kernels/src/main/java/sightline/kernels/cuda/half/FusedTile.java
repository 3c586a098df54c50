package sightline.kernels.cuda.half;

import java.util.Comparator;
import java.util.List;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;

/**
 * A kernel of {@code conv_fused.cu}: a 3x3 convolution, its activation and the 1x1 convolution after it, for one number of
 * channels in, one number of filters out and one stride. Hopper's own.
 *
 * @param channels in
 * @param filters out
 * @param units warpgroups of a block, each of 8 x 8 pixels
 * @param step channels of a step of the first sum
 * @param stages of filters
 * @param slots of channels of a block's pixels, or of their planes where the stride is two
 */
record FusedTile(int channels, int filters, int stride, int units, int step, int stages, int slots) {
    /** Filters of the first convolution between two steps of the second: their number is a multiple of it. */
    static final int MIDDLE = 128;

    private static final List<FusedTile> ALL = List.of(
            new FusedTile(64, 64, 1, 3, 64, 6, 2),
            new FusedTile(64, 64, 1, 2, 64, 8, 2),
            new FusedTile(32, 64, 2, 3, 32, 10, 6),
            new FusedTile(32, 64, 2, 2, 32, 12, 6),
            new FusedTile(128, 128, 1, 3, 64, 6, 3),
            new FusedTile(128, 128, 1, 2, 64, 7, 4),
            new FusedTile(64, 128, 2, 3, 64, 5, 4),
            new FusedTile(64, 128, 2, 2, 64, 6, 5),
            new FusedTile(256, 256, 1, 2, 64, 6, 4));
    /** Pixels of a unit, and the most filters of the second convolution that one stage holds. */
    private static final int SIDE = 8;

    private static final int COLUMNS = 128;
    private static final int TAPS = 9;
    private static final int WARPGROUP = 128;
    private static final int SWIZZLE = 1024;
    /** Blocks that stay, one a multiprocessor of the devices that we know. */
    private static final int BLOCKS = 132;

    /**
     * Those that fit, the best guess first: the one whose busiest multiprocessor has the fewest units.
     *
     * @param x read by the first convolution
     * @param middle filters of the first
     * @param y written by the second, its sides those of x divided by the stride
     */
    static List<FusedTile> candidates(Pixels x, int middle, int stride, Pixels y) {
        return ALL.stream()
                .filter(t -> t.channels == x.channels() && t.filters == y.channels() && t.stride == stride)
                .filter(t -> middle % MIDDLE == 0)
                .sorted(Comparator.comparingInt(t -> (t.tiles(y) + BLOCKS - 1) / BLOCKS * t.units))
                .toList();
    }

    /** Whether it keeps most of the device busy; where not, two kernels of smaller blocks are likelier to be faster. */
    boolean fills(Pixels y) {
        return tiles(y) >= BLOCKS * 2 / 3;
    }

    String kernel() {
        return "conv_fused_" + channels + "x" + filters + "_" + stride + "_" + units;
    }

    int threads() {
        return (units + 1) * WARPGROUP;
    }

    private static int across(Pixels y) {
        return (y.width() + SIDE - 1) / SIDE;
    }

    private static int units(Pixels y) {
        return across(y) * ((y.height() + SIDE - 1) / SIDE);
    }

    private int tiles(Pixels y) {
        return (y.batch() * units(y) + units - 1) / units;
    }

    Grid grid(Pixels y) {
        return new Grid(Math.min(tiles(y), BLOCKS), 1, 1);
    }

    /** Pixels along a unit's side that its taps reach, in each plane. */
    private int reach() {
        return stride == 1 ? SIDE + 2 : SIDE + 1;
    }

    /** The slots, the stages, their barriers, and what it takes to align them. */
    int shared() {
        int box = (reach() * reach() * step * 2 + SWIZZLE - 1) / SWIZZLE * SWIZZLE;
        int stage = Math.max(MIDDLE * step, Math.min(filters, COLUMNS) * SWIZZLE / 16) * 2;
        return SWIZZLE + slots * units * box + stages * stage + 2 * Long.BYTES * (slots + stages);
    }

    /** The kernel's parameters up to its activation. */
    Params params(
            Pixels x, Slot expand, Slot project, int middle, Slot expandBias, Slot bias, Pixels residual, Pixels y) {
        long[] whole = {channels, x.width(), x.height(), x.batch()};
        long[] planes = {2L * channels, x.width() / 2, 2, x.height() / 2, x.batch()};
        boolean plain = stride == 1;
        int[] box = plain ? new int[] {step, reach(), reach(), 1} : new int[] {step, reach(), 1, reach(), 1};
        return new Params()
                .boxes(x.slot(), plain ? whole : planes, box)
                .boxes(expand, new long[] {(long) TAPS * channels, middle}, new int[] {step, MIDDLE})
                .boxes(project, new long[] {middle, filters}, new int[] {64, Math.min(filters, COLUMNS)})
                .slot(expandBias)
                .slot(bias)
                .slot(residual == null ? null : residual.slot())
                .slot(y.slot())
                .int32(y.height(), y.width(), channels, middle)
                .int32(across(y), units(y), y.batch() * units(y));
    }
}
