package sightline.kernels.cuda.single;

import java.util.Arrays;
import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Strided;
import sightline.kernels.graph.Value;

/** What a value is, as long as nobody wrote it. */
sealed interface Term {
    /** A kernel's operation on one value or two: codes of chain.cu. */
    record Operation(int code, List<Value> operands) implements Term {}

    /** A strided view of an array; strides are elements along the value's own axes. */
    record View(Array32 of, int base, int[] strides) implements Term {
        /** Strides along the axes of a larger shape, 0 where this one repeats. */
        int[] broadcast(int[] shape, int[] target) {
            int[] placed = new int[target.length];
            int shift = target.length - shape.length;
            for (int i = 0; i < shape.length; i++) {
                placed[i + shift] = shape[i] == 1 ? 0 : strides[i];
            }
            return placed;
        }

        /** Whether it is a whole stack of matrices, each seen with rows for columns. */
        boolean turns(int[] shape, int count, int rows, int columns) {
            Strided walk = Strided.of(shape, strides);
            int[] wanted = {rows * columns, 1, rows};
            int[] lengths = {count, rows, columns};
            int from = count == 1 ? 1 : 0;
            return base == 0
                    && of.size() == count * rows * columns
                    && Arrays.equals(walk.shape(), Arrays.copyOfRange(lengths, from, lengths.length))
                    && Arrays.equals(walk.strides()[0], Arrays.copyOfRange(wanted, from, wanted.length));
        }

        /** Whether it is another array as that is. */
        boolean whole(int[] shape) {
            return base == 0
                    && of.size() == new Array32(null, shape, false).size()
                    && Strided.of(shape, strides, Array32.stridesOf(shape)).shape().length == 1
                    && Arrays.equals(strides(shape), Array32.stridesOf(shape));
        }

        /** Strides, those of axes of length one as a dense array has them. */
        private int[] strides(int[] shape) {
            int[] dense = Array32.stridesOf(shape);
            int[] own = strides.clone();
            for (int i = 0; i < own.length; i++) {
                own[i] = shape[i] == 1 ? dense[i] : own[i];
            }
            return own;
        }

        /** The same elements under another shape, or null where they cannot be walked so. */
        View reshaped(int[] shape, int[] other) {
            int[] walked = new int[other.length];
            int from = shape.length - 1;
            int to = other.length - 1;
            while (to >= 0) {
                if (other[to] == 1) {
                    to--;
                    continue;
                }
                while (from >= 0 && shape[from] == 1) {
                    from--;
                }
                // Axes of the old shape that lie as one, then as many of the new as they make.
                int length = shape[from];
                int stride = strides[from--];
                while (from >= 0 && (shape[from] == 1 || strides[from] == stride * length)) {
                    length *= shape[from--];
                }
                int filled = 1;
                while (to >= 0 && filled * other[to] <= length) {
                    walked[to] = stride * filled;
                    filled *= other[to--];
                }
                if (filled != length) {
                    return null;
                }
            }
            return new View(of, base, walked);
        }
    }

    /** A sum, or another reduction, along the last axis. */
    record RowSum(Value operand, int op) implements Term {}

    /** Packed activations. */
    record Unpacked(Packed packed) implements Term {}

    /** A number. */
    record Literal(float value) implements Term {}
}
