package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.tensor.DType;

/** Operations that find elements by computed positions. Indices are int64 or int32 and not negative. */
public sealed interface Indexing extends Op {

    /**
     * Inputs: data, indices of any shape. The axis is replaced by the indices' axes; an embedding is {@code Gather(0)}
     * of its table. An index outside the axis fails the run.
     */
    record Gather(int axis) implements Indexing {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            TensorType data = inputs.getFirst();
            int at = data.shape().axis(axis);
            indices(this, inputs.get(1));
            List<Dim> dims = new ArrayList<>(data.shape().dims());
            dims.remove(at);
            dims.addAll(at, inputs.get(1).shape().dims());
            return List.of(data.with(new Shape(dims)));
        }
    }

    /** Inputs: data, indices of the same rank; element-wise {@code data[…, indices[…, i, …], …]}. */
    record GatherElements(int axis) implements Indexing {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            TensorType data = inputs.getFirst();
            indices(this, inputs.get(1));
            Shape shape = inputs.get(1).shape();
            GraphException.require(
                    shape.rank() == data.shape().rank()
                            && shape.without(axis).equals(data.shape().without(axis)),
                    "%s: indices %s do not fit %s",
                    this,
                    shape,
                    data);
            return List.of(data.with(shape));
        }
    }

    /**
     * The {@code count} largest elements along an axis in falling order, equal ones by rising index. Outputs: values,
     * indices (int64).
     */
    record TopK(int axis, int count) implements Indexing {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            TensorType x = inputs.getFirst();
            Dim whole = x.shape().dim(axis);
            GraphException.require(!whole.isKnown() || whole.length() >= count, "%s of %s", this, x);
            TensorType values = x.with(x.shape().with(axis, count));
            return List.of(values, values.with(DType.I64));
        }
    }

    static void indices(Op op, TensorType type) {
        GraphException.require(
                type.dtype() == DType.I64 || type.dtype() == DType.I32, "%s needs indices, not %s", op, type);
    }
}
