package sightline.kernels.reference;

import java.util.Arrays;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** A dense array on the heap: doubles for floating types, longs for the rest. */
final class Array {
    final DType dtype;
    final int[] shape;
    final int size;
    /** Null for integer types. */
    final double[] reals;
    /** Null for floating types. */
    final long[] wholes;

    private Array(DType dtype, int[] shape, double[] reals, long[] wholes) {
        this.dtype = dtype;
        this.shape = shape;
        this.size = reals != null ? reals.length : wholes.length;
        this.reals = reals;
        this.wholes = wholes;
    }

    static Array zeros(DType dtype, int... shape) {
        long size = 1;
        for (int d : shape) {
            size *= d;
        }
        int count = Math.toIntExact(size);
        return dtype.isReal()
                ? new Array(dtype, shape, new double[count], null)
                : new Array(dtype, shape, null, new long[count]);
    }

    static Array zeros(TensorType type) {
        return zeros(
                type.dtype(),
                type.shape().dims().stream()
                        .mapToInt(d -> Math.toIntExact(d.length()))
                        .toArray());
    }

    /** The same elements under another shape; the data is shared. */
    Array reshaped(int... other) {
        return new Array(dtype, other, reals, wholes);
    }

    static Array copyOf(Tensor tensor) {
        int[] shape = Arrays.stream(tensor.shape()).mapToInt(Math::toIntExact).toArray();
        Array array = zeros(tensor.dtype(), shape);
        if (tensor.dtype() == DType.F32) {
            float[] values = tensor.toFloats();
            for (int i = 0; i < array.size; i++) {
                array.reals[i] = values[i];
            }
            return array;
        }
        for (int i = 0; i < array.size; i++) {
            if (array.reals != null) {
                array.reals[i] = tensor.get(i);
            } else {
                array.wholes[i] = tensor.getLong(i);
            }
        }
        return array;
    }

    /** A copy read as another floating type's declaration, values unchanged. */
    Array as(DType declared) {
        return new Array(declared, shape, reals, wholes);
    }

    void copyTo(Tensor tensor) {
        for (int i = 0; i < size; i++) {
            if (reals != null) {
                tensor.set(i, reals[i]);
            } else {
                tensor.setLong(i, wholes[i]);
            }
        }
    }

    double get(int i) {
        return reals != null ? reals[i] : (double) wholes[i];
    }

    int rank() {
        return shape.length;
    }

    int axis(int axis) {
        return axis < 0 ? axis + shape.length : axis;
    }

    int dim(int axis) {
        return shape[axis(axis)];
    }

    /** Product of the lengths from {@code first} to before {@code end}. */
    int span(int first, int end) {
        int product = 1;
        for (int i = first; i < end; i++) {
            product *= shape[i];
        }
        return product;
    }

    /** Elements {@code index[i]} of this array in a new shape; an index of -1 gives {@code otherwise}. */
    Array take(int[] index, double otherwise, int... newShape) {
        Array out = zeros(dtype, newShape);
        for (int i = 0; i < index.length; i++) {
            int from = index[i];
            if (reals != null) {
                out.reals[i] = from < 0 ? otherwise : reals[from];
            } else {
                out.wholes[i] = from < 0 ? (long) otherwise : wholes[from];
            }
        }
        return out;
    }

    /** Rounds in place to what the declared type can hold; float32 only if asked. */
    void round(boolean single) {
        if (reals == null || dtype == DType.F64 || (dtype == DType.F32 && !single)) {
            return;
        }
        for (int i = 0; i < size; i++) {
            reals[i] = Rounding.to(dtype, reals[i]);
        }
    }
}
