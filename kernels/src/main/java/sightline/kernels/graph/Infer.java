package sightline.kernels.graph;

import java.util.List;
import sightline.kernels.tensor.DType;

/** Checks that the families share. */
final class Infer {
    private Infer() {}

    static void arity(Op op, List<TensorType> inputs, int least, int most) {
        GraphException.require(
                inputs.size() >= least && inputs.size() <= most,
                "%s takes %s inputs, not %d",
                op,
                least == most ? least : least + " to " + most,
                inputs.size());
    }

    static void rank(Op op, TensorType type, int rank) {
        GraphException.require(type.shape().rank() == rank, "%s needs rank %d, not %s", op, rank, type);
    }

    static void real(Op op, TensorType type) {
        GraphException.require(type.dtype().isReal(), "%s needs floating point, not %s", op, type);
    }

    static void dtype(Op op, TensorType type, DType dtype) {
        GraphException.require(type.dtype() == dtype, "%s needs %s, not %s", op, dtype, type);
    }

    static void same(Op op, TensorType a, TensorType b) {
        GraphException.require(a.dtype() == b.dtype(), "%s mixes %s and %s", op, a, b);
    }

    static void equal(Op op, String what, Dim a, Dim b) {
        GraphException.require(a.equals(b), "%s: %s is %s on one side and %s on the other", op, what, a, b);
    }

    /** Output length of a sliding window. */
    static Dim window(Op op, Dim length, long kernel, long stride, long before, long after, long dilation) {
        Dim out = length.plus(before + after - dilation * (kernel - 1) - 1)
                .over(stride)
                .plus(1);
        GraphException.require(
                !(length instanceof Dim.Fixed) || out.length() > 0, "%s: no output is left of length %s", op, length);
        return out;
    }
}
