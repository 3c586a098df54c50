package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.tensor.DType;

/** Matrix products and the softmax that goes between two of them. */
public sealed interface Linear extends Op {

    /**
     * {@code op(a) · op(b)} over the last two axes, where {@code op} swaps those axes if asked; leading axes broadcast.
     * Both operands have rank 2 or more.
     */
    record MatMul(boolean transposeA, boolean transposeB) implements Linear {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            Shape a = inputs.get(0).shape();
            Shape b = inputs.get(1).shape();
            Infer.same(this, inputs.get(0), inputs.get(1));
            Infer.real(this, inputs.get(0));
            GraphException.require(a.rank() >= 2 && b.rank() >= 2, "%s needs matrices, not %s and %s", this, a, b);
            Infer.equal(this, "inner dimension of " + a + " and " + b, inner(a), b.dim(transposeB ? -1 : -2));
            Shape batch = Shape.broadcast(
                    new Shape(a.dims().subList(0, a.rank() - 2)),
                    new Shape(b.dims().subList(0, b.rank() - 2)));
            List<Dim> dims = new ArrayList<>(batch.dims());
            dims.add(a.dim(transposeA ? -1 : -2));
            dims.add(b.dim(transposeB ? -2 : -1));
            return List.of(inputs.getFirst().with(new Shape(dims)));
        }

        private Dim inner(Shape a) {
            return a.dim(transposeA ? -2 : -1);
        }

        @Override
        public long macs(List<TensorType> inputs) {
            return infer(inputs).getFirst().shape().elements()
                    * inner(inputs.getFirst().shape()).length();
        }
    }

    /**
     * Softmax over one axis. Inputs: x, and optionally a BOOL mask that broadcasts to x: where it is false the result is
     * 0, and a row that is false everywhere is 0 everywhere.
     */
    record Softmax(int axis) implements Linear {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 2);
            TensorType x = inputs.getFirst();
            Infer.real(this, x);
            x.shape().axis(axis);
            if (inputs.size() == 2) {
                Infer.dtype(this, inputs.get(1), DType.BOOL);
                GraphException.require(
                        Shape.broadcast(x.shape(), inputs.get(1).shape()).equals(x.shape()),
                        "%s: mask %s does not fit %s",
                        this,
                        inputs.get(1),
                        x);
            }
            return List.of(x);
        }
    }
}
