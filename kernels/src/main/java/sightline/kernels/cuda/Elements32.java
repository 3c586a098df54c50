package sightline.kernels.cuda;

/** Emits elementwise work, copies and fills over dense 4-byte arrays. The codes are those of generic.cu. */
final class Elements32 {
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

    private final Emitter emitter;

    Elements32(Emitter emitter) {
        this.emitter = emitter;
    }

    Array32 unary(int code, Array32 in, boolean whole, float a, float b, int mantissa, int lowest) {
        Array32 out = emitter.array(whole, in.shape());
        Params params = new Params()
                .slot(in.slot())
                .slot(out.slot())
                .int32(in.size(), code)
                .float32(a, b)
                .int32(mantissa, lowest);
        emitter.each("generic", "unary", in.size(), params, in.size(), 8.0 * in.size());
        return out;
    }

    Array32 unary(int code, Array32 in, boolean whole) {
        return unary(code, in, whole, 0, 0, 0, 0);
    }

    Array32 binary(int code, Array32 a, Array32 b, boolean whole, int[] shape) {
        Array32 out = emitter.array(whole, shape);
        boolean dense = a.size() == out.size() && b.size() == out.size();
        Params params =
                new Params().slot(a.slot()).slot(b.slot()).slot(out.slot()).int32(out.size(), code, dense ? 1 : 0);
        walk(params, shape);
        params.int32Array(a.broadcastStrides(shape), Emitter.RANK).int32Array(b.broadcastStrides(shape), Emitter.RANK);
        emitter.each("generic", "binary", out.size(), params, out.size(), 4.0 * (a.size() + b.size() + out.size()));
        return out;
    }

    Array32 choice(Array32 condition, Array32 yes, Array32 no, int[] shape) {
        Array32 out = emitter.array(yes.whole(), shape);
        Params params = new Params()
                .slot(condition.slot())
                .slot(yes.slot())
                .slot(no.slot())
                .slot(out.slot())
                .int32(out.size());
        walk(params, shape);
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
        Params params =
                new Params().slot(in.slot()).slot(out.slot()).slot(unless).int32(n, inBase, outBase);
        walk(params, shape);
        params.int32Array(inStrides, Emitter.RANK).int32Array(outStrides, Emitter.RANK);
        emitter.each("generic", "strided_copy", n, params, 0, 8.0 * n);
    }

    /** Copies a whole array unless the run has failed. */
    void store(Array32 from, Array32 to) {
        copy(from, 0, from.strides(), to, 0, to.strides(), from.shape(), emitter.fault());
    }

    /** A new array that reads {@code in} in another order. */
    Array32 rearranged(Array32 in, int base, int[] strides, int[] shape) {
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

    static void walk(Params params, int[] shape) {
        if (shape.length > Emitter.RANK) {
            throw new UnsupportedOperationException("The CUDA engine walks at most " + Emitter.RANK + " axes.");
        }
        params.int32(shape.length).int32Array(shape, Emitter.RANK);
    }
}
