package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.CopyEngine;

/**
 * How a large product is cut: the shape of its tiles, how many pairs of them are summed as a whole, and in how many pieces the
 * sums of the others are cut so that the last round of tiles is nearly full. Times are those of one H200, fitted to sixteen
 * products of a transformer 1152 wide on 28 November 2026; on another card they cost balance, not results.
 *
 * @param whole pairs of tiles, the first ones
 * @param splits pieces of each other pair
 * @param parts all pieces there are
 * @param cost nanoseconds, roughly
 */
public record WideCut(Tile tile, int whole, int splits, int parts, double cost) {
    static final int DEPTH = 64;
    /** Blocks that share their columns. */
    static final int PAIR = 2;

    /** Pairs of blocks that a card of 132 multiprocessors runs at once. */
    private static final int PAIRS = 66;
    /** Steps of the inner loop that a piece of a sum should have. */
    private static final int LEAST_STEPS = 8;

    private static final int MOST_SPLITS = 12;
    private static final int STAGES = 4;
    /** Nanoseconds of a launch of its own that adds up pieces. */
    private static final double JOIN = 3_000;
    /** What an element that it reads or writes costs it: four bytes of 3.2 TB/s. */
    private static final double JOINED = 4 / 3200.0;
    /** The share of the time to store float32 that half the bytes take. */
    private static final double NARROW = 0.57;

    /** Shapes of tiles, whose kernels they name. */
    public enum Tile {
        TALL(256, 192, 2, 876, 1_000, 5_800),
        BROAD(192, 256, 3, 876, 1_000, 5_800),
        SQUARE(192, 192, 3, 656, 900, 4_500),
        LOW(128, 192, 2, 440, 700, 3_300);

        private final int rows;
        private final int columns;
        /** Warpgroups that multiply. */
        private final int groups;
        /** Nanoseconds of a step of 64 of the sum. */
        private final double step;
        /** Of filling the pipeline. */
        private final double start;
        /** Of storing a tile of float32. */
        private final double stored;

        Tile(int rows, int columns, int groups, double step, double start, double stored) {
            this.rows = rows;
            this.columns = columns;
            this.groups = groups;
            this.step = step;
            this.start = start;
            this.stored = stored;
        }

        int rows() {
            return rows;
        }

        int columns() {
            return columns;
        }

        /** Elements of a pair. */
        int area() {
            return PAIR * rows * columns;
        }

        /** Pairs of tiles that cover a product. */
        int count(Sizes s) {
            return ceil(s.m, PAIR * rows) * ceil(s.n, columns) * s.outputs;
        }

        /** One warpgroup more than multiply, for copies. */
        int threads() {
            return 128 * (groups + 1);
        }

        int sharedBytes() {
            return STAGES * (rows + columns) * CopyEngine.ROW_BYTES + 1024 + 2 * STAGES * 8;
        }

        @Override
        public String toString() {
            return rows + "x" + columns;
        }
    }

    /**
     * @param segments pieces of the sum that lie apart
     * @param outputs products
     * @param groups left operands
     * @param rightGroups right operands
     */
    public record Sizes(int m, int n, int k, int segments, int outputs, int groups, int rightGroups) {
        int size() {
            return outputs * m * n;
        }

        int steps() {
            return segments * ceil(k, DEPTH);
        }
    }

    /**
     * The cheapest.
     *
     * @param narrow whether results are stored in two bytes
     * @param aligned whether rows of the result begin where wide stores can; else all of it goes through pieces
     */
    public static WideCut of(Sizes s, boolean narrow, boolean aligned) {
        WideCut best = null;
        for (Tile tile : Tile.values()) {
            int pairs = tile.count(s);
            if (aligned) {
                best = cheaper(best, of(s, tile, pairs, 1, narrow));
            }
            int most = Math.clamp(s.steps() / LEAST_STEPS, 1, MOST_SPLITS);
            for (int splits = aligned ? 2 : 1; splits <= most; splits++) {
                for (int whole = 0; whole < pairs && (whole == 0 || aligned); whole += PAIRS) {
                    best = cheaper(best, of(s, tile, whole, splits, narrow));
                }
            }
        }
        return best;
    }

    private static WideCut cheaper(WideCut a, WideCut b) {
        return a == null || b.cost < a.cost ? b : a;
    }

    /** So many pairs whole and the others in pieces, whatever it costs. */
    public static WideCut of(Sizes s, Tile tile, int whole, int splits, boolean narrow) {
        int cut = tile.count(s) - whole;
        double each = tile.start + tile.stored * (narrow ? NARROW : 1);
        double cost = ceil(whole, PAIRS) * (s.steps() * tile.step + each);
        int parts = cut * splits;
        if (cut > 0) {
            double piece = ceil(s.steps(), splits) * tile.step + tile.start + tile.stored;
            cost += ceil(parts, PAIRS) * piece + JOIN + (parts + cut) * (double) tile.area() * JOINED;
        }
        return new WideCut(tile, whole, splits, parts, cost);
    }

    int blocks(Sizes s) {
        return PAIR * Math.min(PAIRS, whole + parts);
    }

    private static int ceil(int length, int tile) {
        return (length + tile - 1) / tile;
    }
}
