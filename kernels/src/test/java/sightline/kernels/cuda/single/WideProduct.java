package sightline.kernels.cuda.single;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Products32.Left;
import sightline.kernels.cuda.single.WideCut.Tile;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.DType;

/**
 * One product with a bias, cut as it says, whatever a card would rather take: {@code a} by {@code b} plus {@code bias} is
 * {@code y}.
 *
 * @param whole tiles that are made whole
 * @param splits pieces that each of the other tiles is made in
 * @param narrow whether the result is rounded
 */
public record WideProduct(Lie lie, Tile tile, int columns, int whole, int splits, boolean narrow) {
    private static final int ROWS = 264;
    private static final int DEPTH = 136;

    /** How operands lie, as the kernels are called. */
    enum Lie {
        ROWS(false, false),
        LEFT_TRANSPOSED(true, false),
        RIGHT_TRANSPOSED(false, true),
        BOTH_TRANSPOSED(true, true);

        private final boolean left;
        private final boolean right;

        Lie(boolean left, boolean right) {
            this.left = left;
            this.right = right;
        }
    }

    /** Every shape of tiles, whole and in pieces. */
    public static Stream<WideProduct> all() {
        return Stream.of(
                new WideProduct(Lie.ROWS, Tile.TALL, 200, 1, 2, false),
                new WideProduct(Lie.RIGHT_TRANSPOSED, Tile.TALL, 200, 0, 3, true),
                new WideProduct(Lie.LEFT_TRANSPOSED, Tile.BROAD, 264, 1, 2, true),
                new WideProduct(Lie.BOTH_TRANSPOSED, Tile.BROAD, 264, 2, 1, true),
                new WideProduct(Lie.RIGHT_TRANSPOSED, Tile.SQUARE, 200, 2, 1, true),
                new WideProduct(Lie.LEFT_TRANSPOSED, Tile.SQUARE, 200, 0, 2, true),
                new WideProduct(Lie.BOTH_TRANSPOSED, Tile.LOW, 200, 2, 3, false),
                new WideProduct(Lie.RIGHT_TRANSPOSED, Tile.LOW, 101, 0, 1, false));
    }

    /** Whether {@code a} comes with rows for columns. */
    public boolean leftTransposed() {
        return lie.left;
    }

    /** Whether {@code b} does. */
    public boolean rightTransposed() {
        return lie.right;
    }

    /** Lengths of {@code a}. */
    public long[] left() {
        return lie.left ? new long[] {DEPTH, ROWS} : new long[] {ROWS, DEPTH};
    }

    /** Lengths of {@code b}. */
    public long[] right() {
        return lie.right ? new long[] {columns, DEPTH} : new long[] {DEPTH, columns};
    }

    /** The product alone, cut so. */
    public Program program() {
        Emitter emitter = new Emitter();
        Rounded rounded = new Rounded(emitter);
        ProductsWide products = new ProductsWide(
                emitter, rounded, (sizes, narrowed, aligned) -> WideCut.of(sizes, tile, whole, splits, narrowed));
        Program.Port a = port(emitter, Slot.Kind.INPUT, ROWS, DEPTH);
        Program.Port b = port(emitter, Slot.Kind.INPUT, DEPTH, columns);
        Program.Port bias = port(emitter, Slot.Kind.INPUT, columns);
        Program.Port y = port(emitter, Slot.Kind.ACTIVATION, ROWS, columns);
        Slot result = slot(y);
        if (narrow) {
            rounded.allow(result);
        }
        switch (lie) {
            case ROWS ->
                products.pointwise(
                        Left.rowMajor(slot(a), ROWS, DEPTH, 1), slot(b), null, slot(bias), result, columns, 1, 1);
            case LEFT_TRANSPOSED ->
                products.pointwise(
                        Left.transposed(slot(a), ROWS, DEPTH, 1), slot(b), null, slot(bias), result, columns, 1, 1);
            case RIGHT_TRANSPOSED ->
                products.weight(slot(a), slot(b), slot(bias), result, ROWS, columns, DEPTH, 1, 1, 1);
            case BOTH_TRANSPOSED ->
                products.turned(Left.rowMajor(slot(b), columns, DEPTH, 1), slot(a), slot(bias), result, ROWS, 1, 1);
        }
        result.need();
        result.becomeOutput();
        return emitter.program(Map.of("a", a, "b", b, "bias", bias), Map.of("y", y), Map.of());
    }

    private static Slot slot(Program.Port port) {
        return port.array().slot();
    }

    private static Program.Port port(Emitter emitter, Slot.Kind kind, int... shape) {
        Array32 sized = new Array32(null, shape, false);
        long[] lengths = Arrays.stream(shape).asLongStream().toArray();
        Array32 array = new Array32(emitter.slot(kind, 4L * sized.size()), shape, false);
        return new Program.Port(array, new TensorType(DType.F32, Shape.of(lengths)));
    }
}
