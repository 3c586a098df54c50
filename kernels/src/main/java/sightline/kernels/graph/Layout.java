package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Operations that move elements without changing them. */
public sealed interface Layout extends Op {

    /** What stands outside the edge. */
    enum Edge {
        CONSTANT,
        /** The nearest element repeated. */
        REPLICATE,
        /** Mirrored about the edge element, which is not repeated. */
        REFLECT
    }

    /** The same elements in row-major order under another shape. */
    record Reshape(Shape shape) implements Layout {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape from = inputs.getFirst().shape();
            GraphException.require(
                    !from.isKnown() || !shape.isKnown() || from.elements() == shape.elements(),
                    "%s does not hold the elements of %s",
                    shape,
                    from);
            return List.of(inputs.getFirst().with(shape));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Reshape(shape.bind(lengths));
        }
    }

    /** Axis i of the result is axis {@code order[i]} of the input. */
    record Permute(List<Integer> order) implements Layout {
        public Permute {
            order = List.copyOf(order);
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape from = inputs.getFirst().shape();
            GraphException.require(
                    order.stream()
                            .sorted()
                            .toList()
                            .equals(IntStream.range(0, from.rank()).boxed().toList()),
                    "%s is no permutation of the axes of %s",
                    order,
                    from);
            return List.of(inputs.getFirst()
                    .with(new Shape(order.stream().map(from::dim).toList())));
        }
    }

    /** Inputs one after the other along an axis. */
    record Concat(int axis) implements Layout {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, Integer.MAX_VALUE);
            TensorType first = inputs.getFirst();
            Dim sum = Dim.of(0);
            for (TensorType type : inputs) {
                Infer.same(this, first, type);
                GraphException.require(
                        type.shape().rank() == first.shape().rank()
                                && type.shape()
                                        .without(axis)
                                        .equals(first.shape().without(axis)),
                        "%s: %s does not fit %s",
                        this,
                        type,
                        first);
                sum = type.shape().dim(axis).plus(sum);
            }
            return List.of(first.with(first.shape().with(axis, sum)));
        }
    }

    /** Elements {@code start, start + step, …} of one axis, {@code length} of them; a negative step walks backwards. */
    record Slice(int axis, Dim start, Dim length, int step) implements Layout {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape from = inputs.getFirst().shape();
            Dim whole = from.dim(axis);
            GraphException.require(step != 0, "A slice needs a step");
            if (whole.isKnown() && start.isKnown() && length.isKnown()) {
                long last = start.length() + (length.length() - 1) * step;
                GraphException.require(
                        length.length() > 0 && start.length() < whole.length() && last >= 0 && last < whole.length(),
                        "%s leaves %s",
                        this,
                        from);
            }
            return List.of(inputs.getFirst().with(from.with(axis, length)));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Slice(axis, start.bind(lengths), length.bind(lengths), step);
        }
    }

    /** More elements before and after each axis. {@code value} counts for {@link Edge#CONSTANT} only. */
    record Pad(List<Integer> before, List<Integer> after, Edge edge, double value) implements Layout {
        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            Shape from = inputs.getFirst().shape();
            GraphException.require(
                    before.size() == from.rank() && after.size() == from.rank(), "%s does not fit %s", this, from);
            List<Dim> dims = new ArrayList<>();
            for (int i = 0; i < from.rank(); i++) {
                int reach = Math.max(before.get(i), after.get(i));
                GraphException.require(
                        Math.min(before.get(i), after.get(i)) >= 0
                                && (edge != Edge.REFLECT || !from.dim(i).isKnown() || reach < from.size(i)),
                        "%s reaches beyond %s",
                        this,
                        from);
                dims.add(from.dim(i).plus(before.get(i) + after.get(i)));
            }
            return List.of(inputs.getFirst().with(new Shape(dims)));
        }
    }

    /** Repeated along axes of length 1, by the broadcasting rule. */
    record Expand(Shape shape) implements Layout {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            GraphException.require(
                    Shape.broadcast(inputs.getFirst().shape(), shape).equals(shape),
                    "%s does not expand to %s",
                    inputs.getFirst(),
                    shape);
            return List.of(inputs.getFirst().with(shape));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Expand(shape.bind(lengths));
        }
    }
}
