package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Products32.Left;

/** Products of operands rounded to bfloat16 that are too small for {@link ProductsWide}: the launches of product16.cu. */
final class Products16 {
    private static final String FAMILY = "product16";
    private static final int BLOCK = 256;
    private static final int ROWS = 128;
    private static final int NARROW = 128;
    private static final int WIDE = 256;
    private static final int DEPTH = 32;
    /** Elements between lines of a tile that no bank of shared memory meets twice. */
    private static final int GAP = 8;
    /** Smaller products would leave most of a tile empty. */
    private static final int LEAST = 32;
    /** So many blocks are wanted where a long sum can be cut. */
    private static final int WANTED_BLOCKS = 264;
    /** Steps of the inner loop that a piece of a sum should have. */
    private static final int LEAST_STEPS = 8;

    private final Emitter emitter;
    private final Rounded rounded;

    Products16(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    static boolean fits(int rows, int columns, int depth) {
        return Math.min(Math.min(rows, columns), depth) >= LEAST;
    }

    /** As {@link Products32#pointwise}. */
    void pointwise(Left left, Slot x, Slot bias, Slot y, int columns, int products, double flops) {
        boolean wide = columns % 4 == 0 && (left.turned() ? left.rows() : left.depth()) % 4 == 0;
        Sides sides = left.turned() ? Sides.LEFT_TRANSPOSED : Sides.BY_ROWS;
        Sizes sizes = new Sizes(left.rows(), columns, left.depth(), 1, products, left.groups(), wide);
        emit(sides, left.slot(), x, bias, y, sizes, flops);
    }

    /** As {@link Products32#weight}. */
    void weight(Slot dy, Slot x, Slot out, int rows, int columns, int depth, int images, int groups, double flops) {
        Sizes sizes = new Sizes(rows, columns, depth, images, groups, groups, depth % 4 == 0);
        emit(Sides.RIGHT_TRANSPOSED, dy, x, null, out, sizes, flops);
    }

    /** How the operands lie: whether k runs fastest. */
    private enum Sides {
        BY_ROWS("product16", true, false),
        LEFT_TRANSPOSED("product16_left_transposed", false, false),
        RIGHT_TRANSPOSED("product16_right_transposed", true, true);

        private final String kernel;
        private final boolean leftAlong;
        private final boolean rightAlong;

        Sides(String kernel, boolean leftAlong, boolean rightAlong) {
            this.kernel = kernel;
            this.leftAlong = leftAlong;
            this.rightAlong = rightAlong;
        }

        /** Two tiles of two-byte elements of each operand. */
        int sharedBytes(int columns) {
            return 2 * 2 * (elements(leftAlong, ROWS) + elements(rightAlong, columns));
        }

        private static int elements(boolean along, int lines) {
            return along ? lines * (DEPTH + GAP) : DEPTH * (lines + GAP);
        }
    }

    /**
     * @param segments pieces of the sum that lie apart
     * @param outputs products
     * @param groups left operands
     * @param wide whether every line of both operands starts at a multiple of four elements
     */
    private record Sizes(int m, int n, int k, int segments, int outputs, int groups, boolean wide) {
        /** Of a tile: wide ones read less, unless much of the last one would be empty. */
        int columns() {
            return 8 * Math.ceilDiv(n, WIDE) * WIDE <= 9 * n ? WIDE : NARROW;
        }

        int size() {
            return outputs * m * n;
        }

        int leftSize() {
            return (segments == 1 ? groups : segments * outputs) * m * k;
        }

        int rightSize() {
            return segments * outputs * n * k;
        }

        /** In how many pieces a sum is cut so that few tiles still fill the device. */
        int splits() {
            int blocks = Math.ceilDiv(m, ROWS) * Math.ceilDiv(n, columns()) * outputs;
            int steps = segments * ((k + DEPTH - 1) / DEPTH);
            return Math.clamp(WANTED_BLOCKS / blocks, 1, Math.max(1, steps / LEAST_STEPS));
        }
    }

    private void emit(Sides sides, Slot a, Slot b, Slot bias, Slot y, Sizes s, double flops) {
        Slot instead = rounded.instead(y, s.size());
        int splits = bias == null && instead == null ? s.splits() : 1;
        Array32 out = new Array32(y, new int[] {s.size()}, false);
        Pieces pieces = Pieces.of(emitter, out, splits);
        Slot left = rounded.of(a, s.leftSize());
        Slot right = rounded.of(b, s.rightSize());
        Params params = new Params()
                .slot(left)
                .slot(right)
                .slot(bias)
                .slot(instead == null ? pieces.partial().slot() : null)
                .slot(instead)
                .int32(s.m, s.n, s.k, s.segments, s.outputs, s.groups, splits, s.wide ? 1 : 0);
        Grid grid = new Grid(Math.ceilDiv(s.n, s.columns()), Math.ceilDiv(s.m, ROWS), s.outputs * splits);
        String kernel = s.columns() == WIDE ? sides.kernel + "_wide" : sides.kernel;
        double bytes = 2.0 * (s.leftSize() + (double) s.rightSize())
                + (instead == null ? 4.0 : 2.0) * pieces.partial().size();
        emitter.grid(FAMILY, kernel, grid, BLOCK, sides.sharedBytes(s.columns()), params, flops, bytes);
        pieces.sum(emitter);
    }
}
