package sightline.kernels.cuda.expression;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Slot;

/**
 * What an expression reads: an array in some stride, or codes and scales.
 *
 * @param strides along the expression's axes; null of what is packed
 * @param narrow whether elements are bfloat16
 * @param whole whether what is packed has one scale in all
 */
public record ExpressionLeaf(Slot slot, Slot scales, int base, int[] strides, boolean narrow, boolean whole) {
    /** A float32 array from an element on. */
    public static ExpressionLeaf stored(Array32 array, int base, int[] strides) {
        return new ExpressionLeaf(array.slot(), null, base, strides, false, false);
    }

    /** A bfloat16 copy from an element on. */
    public static ExpressionLeaf rounded(Slot copy, int base, int[] strides) {
        return new ExpressionLeaf(copy, null, base, strides, true, false);
    }

    /** What is kept in eight bits, in its own order. */
    public static ExpressionLeaf packed(Packed packed) {
        return new ExpressionLeaf(packed.codes(), packed.scales(), 0, null, false, packed.whole());
    }

    double bytes(int[] shape) {
        if (strides == null) {
            return Packed.BYTES;
        }
        double share = narrow ? 2 : 4;
        for (int axis = 0; axis < shape.length; axis++) {
            share /= strides[axis] == 0 ? shape[axis] : 1;
        }
        return share;
    }
}
