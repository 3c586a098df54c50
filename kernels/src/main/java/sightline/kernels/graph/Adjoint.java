package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The adjoints that gradients need and that no forward operation expresses. */
public sealed interface Adjoint extends Op {

    /**
     * The gradient through an activation. Inputs: the gradient of its output; and its output where {@link #readsOutput},
     * else its input.
     *
     * @param function one of {@link #FUNCTIONS}
     */
    record ActivationInput(Elementwise.Function function) implements Adjoint {
        /** Those for which this operation exists. */
        public static final Set<Elementwise.Function> FUNCTIONS = Set.of(
                Elementwise.Function.RELU,
                Elementwise.Function.RELU6,
                Elementwise.Function.HARD_SWISH,
                Elementwise.Function.SILU);

        /** Whether the slope is told from what came out, so that what went in need not be kept. */
        public boolean readsOutput() {
            return function == Elementwise.Function.RELU || function == Elementwise.Function.RELU6;
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            GraphException.require(FUNCTIONS.contains(function), "%s: no such gradient", this);
            return List.of(inputs.getFirst());
        }
    }

    /**
     * Gradients through {@link Norm.BatchNorm} in training. Inputs: x, gradient of the output, scale, batch mean, batch
     * variance. Outputs: gradients for x, scale and bias.
     *
     * <p>With s = Σdy and t = Σ dy·(x - mean)/σ over a channel's M elements, the scale's gradient is t, the bias' is s, and
     * the input's is scale/σ · (dy - s/M - (x - mean)/σ · t/M).
     */
    record BatchNormInput(double epsilon) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 5, 5);
            return List.of(inputs.getFirst(), inputs.get(2), inputs.get(2));
        }
    }

    /**
     * Gradients of {@link Attention}. Inputs: those of the attention, then the gradient of its output. Outputs: a gradient for
     * each input that is no mask.
     */
    record AttentionInputs(Attention attention) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            List<TensorType> given = inputs.subList(0, inputs.size() - 1);
            GraphException.require(
                    attention.infer(given).getFirst().equals(inputs.getLast()),
                    "%s: %s is no gradient of its output",
                    this,
                    inputs.getLast());
            return given.stream().filter(type -> type.dtype().isReal()).toList();
        }

        /** The scores again, then two products for each of the forward ones. */
        @Override
        public long macs(List<TensorType> inputs) {
            long forward = attention.macs(inputs.subList(0, inputs.size() - 1));
            return 2 * forward + forward / 2;
        }
    }

    /** Gradient of {@link Convolution.Conv2d} for its weights. Inputs: x, gradient of the output. */
    record ConvWeight(Convolution.Window window, int groups, int kernelY, int kernelX) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            Shape x = inputs.get(0).shape();
            Shape dy = inputs.get(1).shape();
            Infer.equal(this, "batch", x.dim(0), dy.dim(0));
            return List.of(inputs.getFirst()
                    .with(Shape.of(dy.dim(1), x.dim(1).over(groups), Dim.of(kernelY), Dim.of(kernelX))));
        }

        @Override
        public long macs(List<TensorType> inputs) {
            return inputs.get(1).shape().elements() * (inputs.get(0).shape().size(1) / groups) * kernelY * kernelX;
        }
    }

    /** Gradient of {@link Spatial.MaxPool}; the first of equal elements takes all. Inputs: x, gradient of the output. */
    record MaxPoolInput(int kernelY, int kernelX, Convolution.Window window) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            return List.of(inputs.getFirst());
        }
    }

    /** Gradient of {@link Spatial.AvgPool}. Input: gradient of the output. */
    record AvgPoolInput(Spatial.AvgPool pool, Dim height, Dim width) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            return List.of(inputs.getFirst()
                    .with(inputs.getFirst().shape().with(2, height).with(3, width)));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new AvgPoolInput(pool, height.bind(lengths), width.bind(lengths));
        }
    }

    /** Gradient of {@link Spatial.Resize} from an image of the given size. Input: gradient of the output. */
    record ResizeInput(Spatial.Mode mode, Spatial.Grid grid, Dim height, Dim width) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 1, 1);
            return List.of(inputs.getFirst()
                    .with(inputs.getFirst().shape().with(2, height).with(3, width)));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new ResizeInput(mode, grid, height.bind(lengths), width.bind(lengths));
        }
    }

    /**
     * Gradient of {@link Indexing.Gather}: zeros of {@code length} along the axis, to which the slices are added where
     * the indices say. Inputs: indices, gradient of the output.
     */
    record ScatterAdd(int axis, int indexRank, Dim length) implements Adjoint {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            Indexing.indices(this, inputs.get(0));
            Infer.rank(this, inputs.get(0), indexRank);
            Shape shape = inputs.get(1).shape();
            List<Dim> dims = new ArrayList<>(shape.dims().subList(0, axis));
            dims.add(length);
            dims.addAll(shape.dims().subList(axis + indexRank, shape.rank()));
            return List.of(inputs.get(1).with(new Shape(dims)));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new ScatterAdd(axis, indexRank, length.bind(lengths));
        }
    }
}
