package sightline.kernels.reference;

import java.util.Arrays;
import java.util.List;
import sightline.kernels.graph.Reduction;

/** Reductions. */
final class Reductions {
    private Reductions() {}

    static Array run(Reduction op, Array x, Array out) {
        switch (op) {
            case Reduction.Reduce reduce -> reduce(reduce.kind(), reduce.axes(), x, out);
            case Reduction.ArgReduce argReduce -> arg(argReduce.end(), x.axis(argReduce.axis()), x, out);
        }
        return out;
    }

    private static void reduce(Reduction.Kind kind, List<Integer> axes, Array x, Array out) {
        int[] kept = x.shape.clone();
        axes.forEach(axis -> kept[x.axis(axis)] = 1);
        int[] to = Strides.offsets(x.shape, Strides.broadcast(kept, x.shape), 0);
        double[] sums = new double[out.size];
        long[] wholes = new long[out.size];
        boolean[] begun = new boolean[out.size];
        for (int i = 0; i < x.size; i++) {
            int o = to[i];
            if (!begun[o]) {
                begun[o] = true;
                sums[o] = x.get(i);
                wholes[o] = x.wholes == null ? 0 : x.wholes[i];
                continue;
            }
            if (x.reals != null) {
                sums[o] = combine(kind, sums[o], x.reals[i]);
            } else {
                wholes[o] = combine(kind, wholes[o], x.wholes[i]);
            }
        }
        int count = x.size / Math.max(out.size, 1);
        for (int o = 0; o < out.size; o++) {
            int divisor = kind == Reduction.Kind.MEAN ? count : 1;
            if (out.reals != null) {
                out.reals[o] = sums[o] / divisor;
            } else {
                out.wholes[o] = wholes[o] / divisor;
            }
        }
    }

    private static double combine(Reduction.Kind kind, double a, double b) {
        return switch (kind) {
            case SUM, MEAN -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static long combine(Reduction.Kind kind, long a, long b) {
        return switch (kind) {
            case SUM, MEAN -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static void arg(Reduction.End end, int axis, Array x, Array out) {
        int length = x.shape[axis];
        int inner = x.span(axis + 1, x.rank());
        Arrays.fill(out.wholes, 0);
        for (int o = 0; o < out.size; o++) {
            int base = o / inner * length * inner + o % inner;
            for (int k = 1; k < length; k++) {
                double best = x.get(base + (int) out.wholes[o] * inner);
                double here = x.get(base + k * inner);
                if (end == Reduction.End.MAX ? here > best : here < best) {
                    out.wholes[o] = k;
                }
            }
        }
    }
}
