package sightline.kernels.cuda;

/**
 * What an expression reads: an array in some stride, or codes and scales.
 *
 * @param strides along the expression's axes; null of what is packed
 * @param narrow whether elements are bfloat16
 * @param whole whether what is packed has one scale in all
 */
record ExpressionLeaf(Slot slot, Slot scales, int base, int[] strides, boolean narrow, boolean whole) {
    static ExpressionLeaf stored(Array32 array, int base, int[] strides) {
        return new ExpressionLeaf(array.slot(), null, base, strides, false, false);
    }

    static ExpressionLeaf rounded(Slot copy, int base, int[] strides) {
        return new ExpressionLeaf(copy, null, base, strides, true, false);
    }

    static ExpressionLeaf packed(EightBits32.Packed packed) {
        return new ExpressionLeaf(packed.codes(), packed.scales(), 0, null, false, packed.whole());
    }

    double bytes(int[] shape) {
        if (strides == null) {
            return EightBits32.BYTES;
        }
        double share = narrow ? 2 : 4;
        for (int axis = 0; axis < shape.length; axis++) {
            share /= strides[axis] == 0 ? shape[axis] : 1;
        }
        return share;
    }
}
