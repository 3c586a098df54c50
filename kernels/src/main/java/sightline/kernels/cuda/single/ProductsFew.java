package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Products32.Left;

/**
 * Products of operands rounded to bfloat16 with so few rows, columns or steps that they cost what their images weigh: 1x1
 * convolutions of few channels. The launches of product_few.cu.
 */
final class ProductsFew {
    private static final String FAMILY = "product_few";
    /** Of each image and of each sum for the weights that a block has at a time. */
    private static final int PIXELS = 128;

    private static final int LONGEST = 128;
    private static final int ROWS = 32;
    private static final int TALL = 2 * ROWS;
    private static final int BLOCK = 128;
    private static final int WEIGHT_BLOCK = 256;
    /** Elements that are copied together. */
    private static final int EIGHT = 8;
    /** Elements between lines of a tile that no bank of shared memory meets twice. */
    private static final int GAP = 8;
    /** Steps of the tensor cores' products. */
    private static final int STEP = 16;
    /** Stretches of a sum that are on their way or being multiplied. */
    private static final int STAGES = 3;
    /** So many blocks are wanted where a long sum can be cut. */
    private static final int WANTED_BLOCKS = 528;
    /** Stretches of a sum that a block should have. */
    private static final int LEAST_STRETCHES = 4;

    private final Emitter emitter;
    private final Rounded rounded;

    ProductsFew(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /** Whether it takes {@link #pointwise} of these. */
    static boolean takes(Left left, int columns) {
        return fills(columns) && left.depth() <= LONGEST && (!left.turned() || left.rows() % EIGHT == 0);
    }

    /** Whether it takes {@link #weight} of sums so long. */
    static boolean takes(int depth) {
        return fills(depth);
    }

    /** Whether lines so long are worth a block, and can be copied. */
    private static boolean fills(int pixels) {
        return pixels >= PIXELS && pixels % EIGHT == 0;
    }

    /** As {@link Products32#pointwise}. */
    void pointwise(Left left, Slot x, Slot bias, Slot y, int columns, int products, double flops) {
        boolean tall = left.rows() > ROWS;
        int rows = tall ? TALL : ROWS;
        int depth = Math.ceilDiv(left.depth(), STEP) * STEP;
        int size = products * left.rows() * columns;
        Either made = Either.made(rounded, y, size);
        Slot a = rounded.of(left.slot(), left.groups() * left.rows() * left.depth());
        Slot b = rounded.of(x, products * left.depth() * columns);
        Params params = new Params()
                .slot(a)
                .slot(b)
                .slot(bias)
                .slot(made.wide())
                .slot(made.narrow())
                .int32(left.rows(), columns, left.depth(), left.groups());
        int operand = left.turned() ? depth * (rows + GAP) : rows * (LONGEST + GAP);
        int shared = 2 * Math.max(operand + depth * (PIXELS + GAP), rows * (PIXELS + GAP));
        double bytes = 2.0 * products * left.depth() * columns + made.bytes();
        Grid grid = new Grid(Math.ceilDiv(columns, PIXELS), Math.ceilDiv(left.rows(), rows), products);
        String kernel = FAMILY + (left.turned() ? "_left_transposed" : "") + (tall ? "_tall" : "");
        emitter.grid(FAMILY, kernel, grid, BLOCK, shared, params, flops, bytes);
    }

    /** As {@link Products32#weight}. */
    void weight(Slot dy, Slot x, Array32 out, int rows, int columns, int depth, int images, int groups, double flops) {
        boolean tall = rows > columns && rows > ROWS;
        boolean flat = !tall && columns > ROWS;
        int high = tall ? TALL : ROWS;
        int wide = flat ? TALL : ROWS;
        Grid tiles = new Grid(Math.ceilDiv(rows, high), Math.ceilDiv(columns, wide), groups);
        int blocks = tiles.x() * tiles.y() * groups;
        int stretches = images * Math.ceilDiv(depth, PIXELS);
        int splits = Math.clamp(Math.ceilDiv(WANTED_BLOCKS, blocks), 1, Math.max(1, stretches / LEAST_STRETCHES));
        Pieces pieces = Pieces.of(emitter, out, splits);
        Params params = new Params()
                .slot(rounded.of(dy, images * groups * rows * depth))
                .slot(rounded.of(x, images * groups * columns * depth))
                .slot(pieces.partial().slot())
                .int32(rows, columns, depth, images, groups, splits);
        int shared = Math.max(2 * STAGES * (high + wide) * (PIXELS + GAP), 4 * high * wide);
        double bytes = 2.0 * images * groups * depth * (rows + columns)
                + 4.0 * pieces.partial().size();
        String kernel = "weight_few" + (tall ? "_tall" : flat ? "_flat" : "");
        Grid grid = new Grid(tiles.x(), tiles.y(), groups * splits);
        emitter.grid(FAMILY, kernel, grid, WEIGHT_BLOCK, shared, params, flops, bytes);
        pieces.sum(emitter);
    }
}
