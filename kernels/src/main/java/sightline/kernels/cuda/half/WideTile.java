package sightline.kernels.cuda.half;

import java.util.Comparator;
import java.util.List;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;

/**
 * A kernel of {@code pointwise_wide.cu}: a 1x1 convolution in tiles of many pixels by 128 filters, of which a block computes
 * as many as fall to it. Hopper's own.
 *
 * @param units warpgroups of a block, each of 64 pixels
 * @param stages of filters
 * @param slots of 64 channels of the pixels: where all channels fit, they are fetched once for all filters
 */
record WideTile(int units, int stages, int slots) {
    private static final List<WideTile> ALL =
            List.of(new WideTile(4, 5, 4), new WideTile(3, 4, 6), new WideTile(2, 5, 8));
    private static final int FILTERS = 128;
    private static final int STEP = 64;
    private static final int PIXELS = 64;
    private static final int WARPGROUP = 128;
    private static final int SWIZZLE = 1024;
    /** Blocks that stay, one a multiprocessor of the devices that we know. */
    private static final int BLOCKS = 132;

    /**
     * Those that fit, the best guess first.
     *
     * @param m pixels
     * @param channels as stored
     * @param stored filters as stored
     */
    static List<WideTile> candidates(long m, int channels, int stored) {
        if (channels < STEP || stored < STEP) {
            return List.of();
        }
        return ALL.stream()
                .filter(t -> t.rows() < 2 * m)
                .sorted(Comparator.comparing(t -> !t.fills(m, stored)))
                .toList();
    }

    /** Whether there is work for every multiprocessor; where there is not, smaller tiles are likelier to be faster. */
    boolean fills(long m, int stored) {
        return tiles(m, stored) >= BLOCKS;
    }

    private int rows() {
        return units * PIXELS;
    }

    private static int chunks(int stored) {
        return (stored + FILTERS - 1) / FILTERS;
    }

    private long tiles(long m, int stored) {
        return (m + rows() - 1) / rows() * chunks(stored);
    }

    Grid grid(long m, int stored) {
        return new Grid((int) Math.min(tiles(m, stored), BLOCKS), 1, 1);
    }

    String kernel() {
        return "pointwise_wide_" + rows();
    }

    int threads() {
        return (units + 1) * WARPGROUP;
    }

    /** The slots, the stages, their barriers, and what it takes to align them. */
    int shared() {
        return SWIZZLE + (slots * rows() + stages * FILTERS) * STEP * 2 + 2 * Long.BYTES * (slots + stages);
    }

    /** The kernel's parameters up to how the sum is finished. */
    Params params(Pixels x, long m, Slot filters, int filterRows, Slot bias, Pixels residual, Pixels y) {
        return new Params()
                .boxes(x.slot(), new long[] {x.stored(), m}, new int[] {STEP, rows()})
                .boxes(filters, new long[] {x.stored(), filterRows}, new int[] {STEP, FILTERS})
                .slot(bias)
                .slot(residual == null ? null : residual.slot())
                .slot(y.slot())
                .int32(Math.toIntExact(m), x.stored(), y.stored(), chunks(y.stored()));
    }
}
