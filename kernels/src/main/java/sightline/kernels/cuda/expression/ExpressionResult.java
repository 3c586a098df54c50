package sightline.kernels.cuda.expression;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Value;

/**
 * What is made of a register of an expression.
 *
 * @param kind as chain.cu numbers them
 * @param strides along the expression's axes
 * @param value what is stored; null of sums, which are not of the draft
 */
public record ExpressionResult(int kind, Slot slot, Slot scales, int base, int[] strides, int source, Value value) {
    static final int PACKED = 2;

    /** A value in float32, dense. */
    public static ExpressionResult floats(Slot slot, ExpressionDraft draft, Value value) {
        return new ExpressionResult(0, slot, null, 0, Array32.stridesOf(draft.shape()), draft.known(value), value);
    }

    /** A value in float32, in strides from an element on. */
    public static ExpressionResult part(Slot slot, int base, int[] strides, ExpressionDraft draft, Value value) {
        return new ExpressionResult(0, slot, null, base, strides, draft.known(value), value);
    }

    /** A value rounded to bfloat16, dense. */
    public static ExpressionResult narrow(Slot slot, ExpressionDraft draft, Value value) {
        return new ExpressionResult(1, slot, null, 0, Array32.stridesOf(draft.shape()), draft.known(value), value);
    }

    /** A value in eight bits. */
    public static ExpressionResult packed(Packed to, ExpressionDraft draft, Value value) {
        int[] dense = Array32.stridesOf(draft.shape());
        return new ExpressionResult(PACKED, to.codes(), to.scales(), 0, dense, draft.known(value), value);
    }

    /** The same of a draft in which the value has another register. */
    ExpressionResult in(ExpressionDraft draft) {
        return new ExpressionResult(kind, slot, scales, base, strides, draft.known(value), value);
    }

    double bytes() {
        return kind == 0 ? 4 : kind == 1 ? 2 : Packed.BYTES;
    }
}
