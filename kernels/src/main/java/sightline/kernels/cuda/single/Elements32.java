package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Strided;

/** Emits elementwise work, copies and fills over dense 4-byte arrays. The codes are those of generic.cu. */
public final class Elements32 {
    /** In the order of {@code Unary::Code}; the first ones are the graph's functions in their order. */
    static final int CLAMP = 24;

    static final int NOT = 25;
    static final int TO_FLOAT = 26;
    static final int TO_WHOLE = 27;
    static final int TO_TRUTH = 28;
    static final int FLOAT_TO_TRUTH = 29;
    static final int NARROW = 30;
    static final int WHOLE_NEG = 31;
    static final int WHOLE_CLAMP = 36;
    static final int WRAP_I8 = 37;
    static final int WRAP_U8 = 38;
    /** Added to a binary code for integers. */
    static final int WHOLE = 32;

    static final int RELATION = 7;
    static final int LOGIC = 13;

    /** Rows and columns of a tile that is turned. */
    private static final int TURNED = 32;
    /** A launch has at most so many blocks along y and z. */
    private static final int MOST_BLOCKS = 65_535;

    private final Emitter emitter;

    /** Kernels go to the emitter. */
    public Elements32(Emitter emitter) {
        this.emitter = emitter;
    }

    Array32 unary(int code, Array32 in, boolean whole, float a, float b, int mantissa, int lowest) {
        Array32 out = emitter.array(whole, in.shape());
        unary(code, in, out, a, b, mantissa, lowest);
        return out;
    }

    /** The same into an array that is there. */
    void unary(int code, Array32 in, Array32 out) {
        unary(code, in, out, 0, 0, 0, 0);
    }

    private void unary(int code, Array32 in, Array32 out, float a, float b, int mantissa, int lowest) {
        Params params = new Params()
                .slot(in.slot())
                .slot(out.slot())
                .int32(in.size(), code)
                .float32(a, b)
                .int32(mantissa, lowest);
        int n = in.size();
        boolean four = n % 4 == 0 && !out.whole() && !in.whole() && code != NOT;
        emitter.each("generic", four ? "unary4" : "unary", four ? n / 4 : n, params, n, 8.0 * n);
    }

    Array32 unary(int code, Array32 in, boolean whole) {
        return unary(code, in, whole, 0, 0, 0, 0);
    }

    Array32 binary(int code, Array32 a, Array32 b, boolean whole, int[] shape) {
        Array32 out = emitter.array(whole, shape);
        binary(code, a, b, out);
        return out;
    }

    /** The same into an array that is there. */
    void binary(int code, Array32 a, Array32 b, Array32 out) {
        int[] shape = out.shape();
        boolean dense = a.size() == out.size() && b.size() == out.size();
        Strided walk = Strided.of(shape, a.broadcastStrides(shape), b.broadcastStrides(shape));
        Params params =
                new Params().slot(a.slot()).slot(b.slot()).slot(out.slot()).int32(out.size(), code, dense ? 1 : 0);
        walk.tell(params);
        boolean four = code < RELATION && walk.byFour();
        double bytes = 4.0 * (a.size() + b.size() + out.size());
        int items = four ? out.size() / 4 : out.size();
        emitter.each("generic", four ? "binary4" : "binary", items, params, out.size(), bytes);
    }

    Array32 choice(Array32 condition, Array32 yes, Array32 no, int[] shape) {
        Array32 out = emitter.array(yes.whole(), shape);
        Params params = new Params()
                .slot(condition.slot())
                .slot(yes.slot())
                .slot(no.slot())
                .slot(out.slot())
                .int32(out.size());
        Strided.walk(params, shape);
        for (Array32 operand : new Array32[] {condition, yes, no}) {
            params.int32Array(operand.broadcastStrides(shape), Emitter.RANK);
        }
        emitter.each("generic", "choice", out.size(), params, out.size(), 16.0 * out.size());
        return out;
    }

    /** Copies the walk of a shape from strides in {@code in} to strides in {@code out}. */
    void copy(Array32 in, int inBase, int[] inStrides, Array32 out, int outBase, int[] outStrides, int[] shape) {
        copy(in, inBase, inStrides, out, outBase, outStrides, shape, null);
    }

    private void copy(
            Array32 in,
            int inBase,
            int[] inStrides,
            Array32 out,
            int outBase,
            int[] outStrides,
            int[] shape,
            Slot unless) {
        int n = new Array32(null, shape, false).size();
        Strided walk = Strided.of(shape, inStrides, outStrides);
        if (unless == null && turns(walk)) {
            turn(in, inBase, out, outBase, walk);
            return;
        }
        Params params =
                new Params().slot(in.slot()).slot(out.slot()).slot(unless).int32(n, inBase, outBase);
        walk.tell(params);
        boolean four = inBase % 4 == 0
                && outBase % 4 == 0
                && walk.byFour()
                && walk.strides()[0][walk.last()] == 1
                && walk.strides()[1][walk.last()] == 1;
        emitter.each("generic", four ? "strided_copy4" : "strided_copy", four ? n / 4 : n, params, 0, 8.0 * n);
    }

    /** Whether neighbours of one side lie apart on the other, and both in rows that fill a tile. */
    private static boolean turns(Strided walk) {
        int row = walk.neighbours(0);
        return row >= 0
                && row != walk.last()
                && walk.strides()[1][walk.last()] == 1
                && walk.shape()[row] >= TURNED
                && walk.shape()[walk.last()] >= TURNED
                && walk.shape()[row] <= TURNED * MOST_BLOCKS
                && new Array32(null, walk.without(row, walk.last()).shape(), false).size() <= MOST_BLOCKS;
    }

    private void turn(Array32 in, int inBase, Array32 out, int outBase, Strided walk) {
        int row = walk.neighbours(0);
        int column = walk.last();
        int rows = walk.shape()[row];
        int columns = walk.shape()[column];
        Strided rest = walk.without(row, column);
        Params params = new Params()
                .slot(in.slot())
                .slot(out.slot())
                .int32(inBase, outBase, rows, columns, walk.strides()[0][column], walk.strides()[1][row]);
        rest.tell(params);
        int planes = new Array32(null, rest.shape(), false).size();
        Launch.Grid grid = new Launch.Grid((columns + TURNED - 1) / TURNED, (rows + TURNED - 1) / TURNED, planes);
        double bytes = 8.0 * planes * rows * columns;
        emitter.grid("generic", "turned_copy", grid, 256, 0, params, 0, bytes);
    }

    /** Copies a whole array unless the run has failed. */
    void store(Array32 from, Array32 to) {
        copy(from, 0, from.strides(), to, 0, to.strides(), from.shape(), emitter.fault());
    }

    /** A new array that reads {@code in} in another order. */
    public Array32 rearranged(Array32 in, int base, int[] strides, int[] shape) {
        Array32 out = emitter.array(in.whole(), shape);
        copy(in, base, strides, out, 0, out.strides(), shape);
        return out;
    }

    Array32 filled(int bits, boolean whole, int... shape) {
        Array32 out = emitter.array(whole, shape);
        Params params = new Params().slot(out.slot()).int32(out.size(), bits);
        emitter.each("generic", "fill", out.size(), params, 0, 4.0 * out.size());
        return out;
    }
}
