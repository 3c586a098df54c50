package sightline.kernels.cuda;

import sightline.kernels.graph.Value;

/**
 * What is made of a register of an expression.
 *
 * @param kind as chain.cu numbers them
 * @param strides along the expression's axes
 * @param value what is stored; null of sums, which are not of the draft
 */
record ExpressionResult(int kind, Slot slot, Slot scales, int base, int[] strides, int source, Value value) {
    static final int PACKED = 2;

    static ExpressionResult floats(Slot slot, ExpressionDraft draft, Value value) {
        return new ExpressionResult(0, slot, null, 0, Array32.stridesOf(draft.shape()), draft.known(value), value);
    }

    static ExpressionResult part(Slot slot, int base, int[] strides, ExpressionDraft draft, Value value) {
        return new ExpressionResult(0, slot, null, base, strides, draft.known(value), value);
    }

    static ExpressionResult narrow(Slot slot, ExpressionDraft draft, Value value) {
        return new ExpressionResult(1, slot, null, 0, Array32.stridesOf(draft.shape()), draft.known(value), value);
    }

    static ExpressionResult packed(EightBits32.Packed to, ExpressionDraft draft, Value value) {
        int[] dense = Array32.stridesOf(draft.shape());
        return new ExpressionResult(PACKED, to.codes(), to.scales(), 0, dense, draft.known(value), value);
    }

    /** The same of a draft in which the value has another register. */
    ExpressionResult in(ExpressionDraft draft) {
        return new ExpressionResult(kind, slot, scales, base, strides, draft.known(value), value);
    }

    double bytes() {
        return kind == 0 ? 4 : kind == 1 ? 2 : EightBits32.BYTES;
    }
}
