package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.tensor.DType;

/** Operations that collapse axes. */
public sealed interface Reduction extends Op {

    /** How a set of numbers becomes one. */
    enum Kind {
        SUM,
        MEAN,
        MAX,
        MIN
    }

    /** Which end an arg-reduction looks for. */
    enum End {
        MAX,
        MIN
    }

    /** Axes are kept with length 1 if {@code keep}. */
    record Reduce(Kind kind, List<Integer> axes, boolean keep) implements Reduction {
        public Reduce {
            axes = List.copyOf(axes);
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            TensorType x = inputs.getFirst();
            GraphException.require(x.dtype() != DType.BOOL, "%s needs numbers, not %s", this, x);
            return List.of(x.with(collapse(x.shape(), axes, keep)));
        }
    }

    /** Index (int64) of the largest or smallest element; of equal ones the first. */
    record ArgReduce(End end, int axis, boolean keep) implements Reduction {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape shape = collapse(inputs.getFirst().shape(), List.of(axis), keep);
            return List.of(new TensorType(DType.I64, shape));
        }
    }

    private static Shape collapse(Shape shape, List<Integer> axes, boolean keep) {
        List<Integer> positive = axes.stream().map(shape::axis).distinct().toList();
        GraphException.require(positive.size() == axes.size(), "Axes %s of %s repeat", axes, shape);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            if (!positive.contains(i)) {
                dims.add(shape.dim(i));
            } else if (keep) {
                dims.add(Dim.of(1));
            }
        }
        return new Shape(dims);
    }
}
