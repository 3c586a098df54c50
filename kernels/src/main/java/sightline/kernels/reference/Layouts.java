package sightline.kernels.reference;

import java.util.List;
import sightline.kernels.graph.Layout;

/** Layout operations: each says, for every element of the result, where it comes from. */
final class Layouts {
    private Layouts() {}

    static Array run(Layout op, List<Array> in, Array out) {
        Array x = in.getFirst();
        return switch (op) {
            case Layout.Reshape reshape -> x.reshaped(out.shape);
            case Layout.Permute permute -> {
                int[] strides = Strides.of(x.shape);
                int[] moved =
                        permute.order().stream().mapToInt(axis -> strides[axis]).toArray();
                yield x.take(Strides.offsets(out.shape, moved, 0), 0, out.shape);
            }
            case Layout.Concat concat -> concat(in, x.axis(concat.axis()), out);
            case Layout.Slice slice -> {
                int[] strides = Strides.of(x.shape);
                int base = (int) slice.start().length() * strides[x.axis(slice.axis())];
                strides[x.axis(slice.axis())] *= slice.step();
                yield x.take(Strides.offsets(out.shape, strides, base), 0, out.shape);
            }
            case Layout.Pad pad -> pad(pad, x, out);
            case Layout.Expand expand ->
                x.take(Strides.offsets(out.shape, Strides.broadcast(x.shape, out.shape), 0), 0, out.shape);
        };
    }

    private static Array concat(List<Array> in, int axis, Array out) {
        int inner = out.span(axis + 1, out.rank());
        int outer = out.span(0, axis);
        int at = 0;
        for (Array part : in) {
            int run = part.shape[axis] * inner;
            for (int o = 0; o < outer; o++) {
                int to = o * out.shape[axis] * inner + at;
                if (out.reals != null) {
                    System.arraycopy(part.reals, o * run, out.reals, to, run);
                } else {
                    System.arraycopy(part.wholes, o * run, out.wholes, to, run);
                }
            }
            at += run;
        }
        return out;
    }

    private static Array pad(Layout.Pad pad, Array x, Array out) {
        int[] index = new int[out.size];
        int[] strides = Strides.of(out.shape);
        int[] from = Strides.of(x.shape);
        for (int i = 0; i < out.size; i++) {
            for (int axis = 0; axis < x.rank() && index[i] >= 0; axis++) {
                int position =
                        i / strides[axis] % out.shape[axis] - pad.before().get(axis);
                int source = edge(pad.edge(), position, x.shape[axis]);
                index[i] = source < 0 ? -1 : index[i] + source * from[axis];
            }
        }
        return x.take(index, pad.value(), out.shape);
    }

    /** The position inside that stands for one outside, or -1 for none. */
    private static int edge(Layout.Edge edge, int position, int length) {
        if (position >= 0 && position < length) {
            return position;
        }
        return switch (edge) {
            case CONSTANT -> -1;
            case REPLICATE -> position < 0 ? 0 : length - 1;
            case REFLECT -> position < 0 ? -position : 2 * (length - 1) - position;
        };
    }
}
