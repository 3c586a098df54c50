package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The adjoints that gradients need and that no forward operation expresses. */
public sealed interface Adjoint extends Op {

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
