package sightline.kernels.cuda;

import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.cuda.Products32.Left;

/**
 * Large products of operands that are rounded to bfloat16 once, in memory, and then read by every product that needs them:
 * the launches of product_wide.cu.
 */
final class ProductsWide {
    private static final String FAMILY = "product_wide";
    private static final int THREADS = 384;
    private static final int ROWS = 128;
    private static final int DEPTH = 64;
    /** Blocks that share their columns. */
    private static final int PAIR = 2;
    /** Elements that one access of the copy engine takes; every line must start at a multiple of so many. */
    private static final int LINE = 8;
    /** Smaller products leave most of a tile empty, or are over before the pipeline of copies is filled. */
    private static final int LEAST = 96;

    /** Pairs of blocks that a card of 132 multiprocessors runs at once; another count costs balance, not results. */
    private static final int PAIRS = 66;
    /** Steps of the inner loop that a piece of a sum should have. */
    private static final int LEAST_STEPS = 16;

    private static final int MOST_SPLITS = 8;

    private final Emitter emitter;
    private final Rounded rounded;

    ProductsWide(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /** As {@link Products32#pointwise}, with a bias a row or one a column. */
    void pointwise(Left left, Slot x, Slot rowBias, Slot columnBias, Slot y, int columns, int products, double flops) {
        Sizes sizes = new Sizes(left.rows(), columns, left.depth(), 1, products, left.groups(), products);
        Operand a = operand(left.slot(), !left.turned(), left.groups(), left.rows(), left.depth());
        Operand b = operand(x, false, products, columns, left.depth());
        emit(a, b, rowBias, columnBias, y, sizes, flops);
    }

    /** The same, each product with rows for columns: {@code y[z]} is of {@code columns} times {@code left.rows()}. */
    void turned(Left left, Slot x, Slot bias, Slot y, int columns, int products, double flops) {
        Sizes sizes = new Sizes(columns, left.rows(), left.depth(), 1, products, products, left.groups());
        Operand a = operand(x, false, products, columns, left.depth());
        Operand b = operand(left.slot(), !left.turned(), left.groups(), left.rows(), left.depth());
        emit(a, b, null, bias, y, sizes, flops);
    }

    /** Whether {@link #pointwise} takes such a product. */
    static boolean takes(Left left, int columns) {
        int line = left.turned() ? left.rows() : left.depth();
        return large(left.rows(), columns, left.depth()) && line % LINE == 0 && columns % LINE == 0;
    }

    /** As {@link Products32#weight}, with a bias a column. */
    void weight(
            Slot dy,
            Slot x,
            Slot columnBias,
            Slot out,
            int rows,
            int columns,
            int depth,
            int images,
            int groups,
            double flops) {
        Sizes sizes = new Sizes(rows, columns, depth, images, groups, groups, groups);
        Operand a = operand(dy, true, images * groups, rows, depth);
        Operand b = operand(x, true, images * groups, columns, depth);
        emit(a, b, null, columnBias, out, sizes, flops);
    }

    /** Whether {@link #weight} takes such a product. */
    static boolean takes(int rows, int columns, int depth) {
        return large(rows, columns, depth) && depth % LINE == 0;
    }

    private static boolean large(int rows, int columns, int depth) {
        return Math.min(Math.min(rows, columns), depth) >= LEAST;
    }

    /**
     * @param along whether k runs fastest
     * @param count matrices in the slot
     * @param lines rows of a left operand, columns of a right one
     */
    private record Operand(Slot slot, boolean along, int count, int lines, int depth) {
        int size() {
            return count * lines * depth;
        }

        /** Tells the copy engine of it, in boxes of lines or of panels of 64. */
        void tell(Params params, Slot copy, int linesBox, int depthBox) {
            if (along) {
                params.tiles(copy, count, lines, depth, linesBox);
            } else {
                params.tiles(copy, count, depth, lines, depthBox);
            }
        }
    }

    /** An operand as it lies, or as what it is but a view of lies. */
    private static Operand operand(Slot slot, boolean along, int count, int lines, int depth) {
        Slot other = along ? slot.turned(count, lines, depth) : slot.turned(count, depth, lines);
        boolean fits = other != null && (along ? lines : depth) % LINE == 0;
        return fits ? new Operand(other, !along, count, lines, depth) : new Operand(slot, along, count, lines, depth);
    }

    private static String kernel(Operand a, Operand b) {
        if (a.along) {
            return b.along ? "right_transposed" : "rows";
        }
        return b.along ? "both_transposed" : "left_transposed";
    }

    /**
     * @param segments pieces of the sum that lie apart
     * @param outputs products
     * @param groups left operands
     * @param rightGroups right operands
     */
    private record Sizes(int m, int n, int k, int segments, int outputs, int groups, int rightGroups) {
        int size() {
            return outputs * m * n;
        }

        int steps() {
            return segments * ceil(k, DEPTH);
        }

        int pairs(int width) {
            return ceil(m, PAIR * ROWS) * ceil(n, width) * outputs;
        }
    }

    /**
     * The tile's columns and the pieces that a sum is cut in, so that the last round of tiles is nearly full.
     *
     * @param cost rounds of tiles, in steps of a column
     */
    private record Cut(int width, int splits, double cost) {
        private static final int[] WIDTHS = {256, 192};
        /** What filling the pipeline and storing a tile cost, in steps. */
        private static final int OVERHEAD = 6;
        /**
         * Storing an element of a piece and reading it again, 8 bytes of 3.5 TB/s, in steps of a column: 32768 FLOP a pair of
         * blocks, 1/66 of 580 TFLOP/s.
         */
        private static final double PIECE_COST = 8 / 3.5e12 / (32_768 / (580e12 / PAIRS));

        static Cut of(Sizes s, boolean divides) {
            Cut best = null;
            int most = divides ? Math.clamp(s.steps() / LEAST_STEPS, 1, MOST_SPLITS) : 1;
            for (int splits = 1; splits <= most; splits++) {
                for (int width : WIDTHS) {
                    double steps = (double) s.steps() / splits + OVERHEAD;
                    double again = splits == 1 ? 0 : (splits + 0.5) * s.size() * PIECE_COST;
                    Cut cut = new Cut(width, splits, ceil(s.pairs(width) * splits, PAIRS) * steps * width + again);
                    best = best == null || cut.cost < best.cost ? cut : best;
                }
            }
            return best;
        }

        int stages() {
            return width == 256 ? 3 : 4;
        }

        int sharedBytes() {
            return stages() * (ROWS + width) * TensorMap.ROW_BYTES + 1024 + 2 * stages() * 8;
        }
    }

    private void emit(Operand a, Operand b, Slot rowBias, Slot columnBias, Slot y, Sizes s, double flops) {
        Slot instead = rounded.instead(y, s.size());
        Cut cut = Cut.of(s, rowBias == null && columnBias == null && instead == null);
        Array32 out = new Array32(y, new int[] {s.size()}, false);
        Array32 partial = cut.splits == 1 ? out : emitter.array(false, cut.splits, s.size());
        Slot left = rounded.of(a.slot, a.size());
        Slot right = rounded.of(b.slot, b.size());
        Params params = new Params();
        a.tell(params, left, ROWS, DEPTH);
        b.tell(params, right, cut.width / PAIR, DEPTH / PAIR);
        params.slot(left)
                .slot(right)
                .slot(rowBias)
                .slot(columnBias)
                .slot(instead == null ? partial.slot() : null)
                .slot(instead)
                .int32(s.m, s.n, s.k, s.segments, s.outputs, s.groups, s.rightGroups, cut.splits);
        int blocks = PAIR * Math.min(PAIRS, s.pairs(cut.width) * cut.splits);
        double bytes = 2.0 * (a.size() + (double) b.size()) + (instead == null ? 4.0 : 2.0) * partial.size();
        String kernel = FAMILY + "_" + kernel(a, b) + "_" + cut.width;
        emitter.grid(FAMILY, kernel, Grid.of(blocks), THREADS, cut.sharedBytes(), params, flops, bytes);
        if (cut.splits > 1) {
            new Reduction32(emitter).sumInto(partial, out);
        }
    }

    private static int ceil(int length, int tile) {
        return (length + tile - 1) / tile;
    }
}
