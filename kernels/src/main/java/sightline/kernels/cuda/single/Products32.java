package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;

/** Float32 products on tensor cores: the launches of product32.cu. */
final class Products32 {
    private static final String FAMILY = "product32";
    private static final int BLOCK = 256;
    private static final int COLUMNS = 128;
    private static final int FEW_ROWS = 32;
    private static final int ROWS = 64;
    private static final int DEPTH = 32;
    /** A launch has at most so many blocks along z. */
    private static final int MOST_PRODUCTS = 65_535;
    /** So many blocks are wanted where a long sum can be cut. */
    private static final int WANTED_BLOCKS = 528;
    /** Steps of the inner loop that a piece of a sum should have. */
    private static final int LEAST_STEPS = 8;

    private final Emitter emitter;
    private final Products16 rounded;
    private final ProductsWide wide;
    private final ProductsFew narrow;

    /**
     * @param operands of large products, rounded to bfloat16; null where those are exact
     */
    Products32(Emitter emitter, Rounded operands) {
        this.emitter = emitter;
        this.rounded = operands != null ? new Products16(emitter, operands) : null;
        this.wide = operands != null ? new ProductsWide(emitter, operands) : null;
        this.narrow = operands != null ? new ProductsFew(emitter, operands) : null;
    }

    /** Whether {@link #pointwise} of these can add a bias a column. */
    boolean addsColumns(Left left, int columns) {
        return wide != null && ProductsWide.takes(left, columns);
    }

    /** Whether {@link #weight} of these can add a bias a column. */
    boolean addsColumns(int rows, int columns, int depth) {
        return wide != null && ProductsWide.takes(rows, columns, depth);
    }

    private boolean rounds(int rows, int columns, int depth) {
        return rounded != null && Products16.fits(rows, columns, depth);
    }

    /**
     * Left operands, one for each of {@code groups} products in turn.
     *
     * @param row elements from a row to the next
     * @param column elements from a column to the next
     */
    public record Left(Slot slot, int rows, int depth, int row, int column, int groups) {
        public static Left rowMajor(Slot slot, int rows, int depth, int groups) {
            return new Left(slot, rows, depth, depth, 1, groups);
        }

        boolean turned() {
            return column != 1;
        }

        public static Left transposed(Slot slot, int rows, int depth, int groups) {
            return new Left(slot, rows, depth, 1, rows, groups);
        }

        /** The same where it lies, if it is but a view of matrices with rows for columns. */
        Left asItLies() {
            Slot other = turned() ? null : slot.turned(groups, rows, depth);
            return other == null ? this : transposed(other, rows, depth, groups);
        }
    }

    static boolean fits(long products) {
        return products <= MOST_PRODUCTS;
    }

    /** {@code y[z] = left[z % groups] x[z]}, each x of depth times {@code columns}. */
    void pointwise(Left left, Slot x, Slot bias, Slot y, int columns, int products, double flops, double bytes) {
        pointwise(left, x, bias, null, y, columns, products, flops, bytes);
    }

    /**
     * The same with a bias a column, which only some add.
     *
     * @param bias one a row, or null
     * @param columnBias null unless {@link #addsColumns}
     */
    void pointwise(
            Left left,
            Slot x,
            Slot bias,
            Slot columnBias,
            Slot y,
            int columns,
            int products,
            double flops,
            double bytes) {
        if (addsColumns(left, columns)) {
            wide.pointwise(left, x, bias, columnBias, y, columns, products, flops);
            return;
        }
        if (rounds(left.rows, columns, left.depth)) {
            rounded.pointwise(left.asItLies(), x, bias, y, columns, products, flops);
            return;
        }
        if (narrow != null && ProductsFew.takes(left.asItLies(), columns)) {
            narrow.pointwise(left.asItLies(), x, bias, y, columns, products, flops);
            return;
        }
        boolean few = left.rows <= FEW_ROWS;
        Params params = new Params()
                .slot(left.slot)
                .slot(x)
                .slot(bias)
                .slot(y)
                .int32(left.rows, columns, left.depth, left.groups, left.row, left.column, columns % 4 == 0 ? 1 : 0);
        Grid grid = new Grid(Math.ceilDiv(columns, COLUMNS), Math.ceilDiv(left.rows, few ? FEW_ROWS : ROWS), products);
        emitter.grid(FAMILY, few ? "pointwise32_few" : "pointwise32", grid, BLOCK, 0, params, flops, bytes);
    }

    /**
     * {@link #pointwise} with rows for columns: {@code y[z]} is of {@code columns} times {@code left.rows()}. Only where
     * {@link #addsColumns}.
     */
    void turned(Left left, Slot x, Slot bias, Slot y, int columns, int products, double flops) {
        wide.turned(left, x, bias, y, columns, products, flops);
    }

    /**
     * The sum over images of {@code dy x^T} for every group.
     *
     * @param dy images x groups x rows x depth
     * @param x images x groups x columns x depth
     * @param out groups x rows x columns
     */
    void weight(Slot dy, Slot x, Array32 out, int rows, int columns, int depth, int images, int groups, double flops) {
        weight(dy, x, null, out, rows, columns, depth, images, groups, flops);
    }

    /**
     * The same with a bias a column, which only some add.
     *
     * @param columnBias null unless {@link #addsColumns}
     */
    void weight(
            Slot dy,
            Slot x,
            Slot columnBias,
            Array32 out,
            int rows,
            int columns,
            int depth,
            int images,
            int groups,
            double flops) {
        if (addsColumns(rows, columns, depth)) {
            wide.weight(dy, x, columnBias, out.slot(), rows, columns, depth, images, groups, flops);
            return;
        }
        if (rounds(rows, columns, depth)) {
            rounded.weight(dy, x, out.slot(), rows, columns, depth, images, groups, flops);
            return;
        }
        if (narrow != null && ProductsFew.takes(depth)) {
            narrow.weight(dy, x, out, rows, columns, depth, images, groups, flops);
            return;
        }
        String kernel = "weight32";
        int tall = ROWS;
        int wide = ROWS;
        if (columns <= FEW_ROWS && rows > FEW_ROWS) {
            kernel = "weight32_tall";
            tall = 2 * ROWS;
            wide = FEW_ROWS;
        } else if (rows <= FEW_ROWS && columns > FEW_ROWS) {
            kernel = "weight32_flat";
            tall = FEW_ROWS;
            wide = 2 * ROWS;
        }
        Grid tiles = new Grid(Math.ceilDiv(rows, tall), Math.ceilDiv(columns, wide), groups);
        int blocks = tiles.x() * tiles.y() * groups;
        long steps = (long) images * Math.ceilDiv(depth, DEPTH);
        int most = Math.clamp(steps / LEAST_STEPS, 1, MOST_PRODUCTS / groups);
        int splits = Math.clamp((WANTED_BLOCKS + blocks - 1) / blocks, 1, most);
        Pieces pieces = Pieces.of(emitter, out, splits);
        Params params = new Params()
                .slot(dy)
                .slot(x)
                .slot(pieces.partial().slot())
                .int32(rows, columns, depth, images, groups, splits, depth % 4 == 0 ? 1 : 0);
        double bytes = 4.0 * images * groups * depth * (rows + columns)
                + 4.0 * pieces.partial().size();
        Grid grid = new Grid(tiles.x(), tiles.y(), groups * splits);
        emitter.grid(FAMILY, kernel, grid, BLOCK, 0, params, flops, bytes);
        pieces.sum(emitter);
    }
}
