package sightline.kernels.cuda.program;

import java.util.Arrays;

/**
 * A dense row-major array of 4-byte elements in a slot: float32 for every real type, int32 for integers and truth
 * values. Reshaping is another view of the same slot.
 */
public record Array32(Slot slot, int[] shape, boolean whole) {
    /** Elements. */
    public int size() {
        return product(shape, 0, shape.length);
    }

    /** Axes. */
    public int rank() {
        return shape.length;
    }

    /** The length of an axis; negative ones count from the last. */
    public int dim(int axis) {
        return shape[axis < 0 ? axis + shape.length : axis];
    }

    /** Elements before an axis. */
    public int outer(int axis) {
        return product(shape, 0, axis);
    }

    /** Elements behind an axis. */
    public int inner(int axis) {
        return product(shape, axis + 1, shape.length);
    }

    /** The same elements under another shape of as many. */
    public Array32 reshaped(int... other) {
        if (product(other, 0, other.length) != size()) {
            throw new IllegalArgumentException(Arrays.toString(shape) + " is not " + Arrays.toString(other));
        }
        return new Array32(slot, other, whole);
    }

    /** Elements from one index of each axis to the next. */
    public int[] strides() {
        return stridesOf(shape);
    }

    /** Strides that walk this array in the order of a larger shape, 0 along axes that it repeats over. */
    public int[] broadcastStrides(int[] target) {
        int[] own = strides();
        int[] strides = new int[target.length];
        int shift = target.length - shape.length;
        for (int i = 0; i < shape.length; i++) {
            strides[i + shift] = shape[i] == 1 ? 0 : own[i];
        }
        return strides;
    }

    /** Those of a dense array of a shape. */
    public static int[] stridesOf(int[] shape) {
        int[] strides = new int[shape.length];
        int step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }

    private static int product(int[] lengths, int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product = Math.multiplyExact(product, lengths[i]);
        }
        return product;
    }
}
