package sightline.kernels.cuda.single;

import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Strided;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Node;

/** Rearrangements: strided copies, and no work at all for a reshape. */
final class Layout32 {
    private final Emitter emitter;
    private final Elements32 elements;

    Layout32(Emitter emitter, Elements32 elements) {
        this.emitter = emitter;
        this.elements = elements;
    }

    Array32 lower(Layout op, List<Array32> in, Node node) {
        Array32 x = in.getFirst();
        int[] shape = Lowering32.shape(node.output());
        return switch (op) {
            case Layout.Reshape reshape -> x.reshaped(shape);
            case Layout.Permute permute -> {
                int[] own = x.strides();
                int[] strides = new int[shape.length];
                for (int i = 0; i < strides.length; i++) {
                    strides[i] = own[permute.order().get(i)];
                }
                yield elements.rearranged(x, 0, strides, shape);
            }
            case Layout.Concat concat -> concat(node.output().shape().axis(concat.axis()), in, shape);
            case Layout.Slice slice -> {
                int axis = node.output().shape().axis(slice.axis());
                int[] strides = x.strides();
                int base = Math.toIntExact(slice.start().length()) * strides[axis];
                strides[axis] *= slice.step();
                yield elements.rearranged(x, base, strides, shape);
            }
            case Layout.Pad pad -> pad(pad, x, shape);
            case Layout.Expand expand -> elements.rearranged(x, 0, x.broadcastStrides(shape), shape);
        };
    }

    private Array32 concat(int axis, List<Array32> in, int[] shape) {
        Array32 out = emitter.array(in.getFirst().whole(), shape);
        int base = 0;
        for (Array32 piece : in) {
            elements.copy(piece, 0, piece.strides(), out, base * out.inner(axis), out.strides(), piece.shape());
            base += piece.dim(axis);
        }
        return out;
    }

    private Array32 pad(Layout.Pad pad, Array32 x, int[] shape) {
        Array32 out = emitter.array(x.whole(), shape);
        int bits = x.whole() ? (int) pad.value() : Float.floatToRawIntBits((float) pad.value());
        Params params = new Params().slot(x.slot()).slot(out.slot()).int32(out.size(), bits, Codes.of(pad.edge()));
        Strided.walk(params, shape);
        params.int32Array(pad.before().stream().mapToInt(Integer::intValue).toArray(), Emitter.RANK)
                .int32Array(x.shape(), Emitter.RANK)
                .int32Array(x.strides(), Emitter.RANK);
        emitter.each("generic", "pad", out.size(), params, 0, 4.0 * (x.size() + out.size()));
        return out;
    }
}
