package sightline.kernels.reference;

import java.util.Arrays;
import java.util.List;
import sightline.kernels.graph.Linear;

/** Matrix products and softmax. */
final class Linears {
    private Linears() {}

    static Array run(Linear op, List<Array> in, Array out) {
        switch (op) {
            case Linear.MatMul matMul -> matmul(matMul.transposeA(), matMul.transposeB(), in, out);
            case Linear.Softmax softmax -> softmax(in, in.getFirst().axis(softmax.axis()), out);
        }
        return out;
    }

    private static void matmul(boolean ta, boolean tb, List<Array> in, Array out) {
        Array a = in.get(0);
        Array b = in.get(1);
        int rows = out.dim(-2);
        int columns = out.dim(-1);
        int inner = a.dim(ta ? -2 : -1);
        int[] batch = Arrays.copyOf(out.shape, out.rank() - 2);
        int[] fromA = matrices(a, batch);
        int[] fromB = matrices(b, batch);
        for (int m = 0; m < fromA.length; m++) {
            for (int i = 0; i < rows; i++) {
                int to = (m * rows + i) * columns;
                for (int k = 0; k < inner; k++) {
                    double left = a.reals[fromA[m] + (ta ? k * rows + i : i * inner + k)];
                    int right = fromB[m] + (tb ? k : k * columns);
                    int step = tb ? inner : 1;
                    for (int j = 0; j < columns; j++) {
                        out.reals[to + j] += left * b.reals[right + j * step];
                    }
                }
            }
        }
    }

    /** Where each of the batch's matrices starts in an operand. */
    private static int[] matrices(Array x, int[] batch) {
        int[] lead = Arrays.copyOf(x.shape, x.rank() - 2);
        int matrix = x.dim(-2) * x.dim(-1);
        int[] starts = Strides.offsets(batch, Strides.broadcast(lead, batch), 0);
        return Arrays.stream(starts).map(s -> s * matrix).toArray();
    }

    private static void softmax(List<Array> in, int axis, Array out) {
        Array x = in.getFirst();
        int[] mask = in.size() > 1 ? Strides.offsets(x.shape, Strides.broadcast(in.get(1).shape, x.shape), 0) : null;
        int length = x.shape[axis];
        int inner = x.span(axis + 1, x.rank());
        for (int row = 0; row < x.size / length; row++) {
            int base = row / inner * length * inner + row % inner;
            double top = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < length; k++) {
                int i = base + k * inner;
                if (mask == null || in.get(1).wholes[mask[i]] != 0) {
                    top = Math.max(top, x.reals[i]);
                }
            }
            double sum = 0;
            for (int k = 0; k < length; k++) {
                int i = base + k * inner;
                if (mask == null || in.get(1).wholes[mask[i]] != 0) {
                    out.reals[i] = Math.exp(x.reals[i] - top);
                    sum += out.reals[i];
                }
            }
            for (int k = 0; sum != 0 && k < length; k++) {
                out.reals[base + k * inner] /= sum;
            }
        }
    }
}
