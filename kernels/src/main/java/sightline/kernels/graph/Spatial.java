package sightline.kernels.graph;

import java.util.List;
import java.util.Map;

/** Operations on the two image axes of NCHW. */
public sealed interface Spatial extends Op {

    /** How a pixel of the new size is made from the old ones. No mode widens its kernel when shrinking. */
    enum Mode {
        /** The old pixel {@code floor(i · in / out)}. */
        NEAREST,
        BILINEAR,
        /** Cubic convolution with A = -0.75. */
        BICUBIC,
        /** Mean over {@code floor(i · in / out) .. ceil((i + 1) · in / out)}, that is, adaptive average pooling. */
        AREA
    }

    /** Where the pixels' centres lie; NEAREST and AREA know only HALF_PIXEL. */
    enum Grid {
        HALF_PIXEL,
        ALIGN_CORNERS
    }

    /** The image at another size. */
    record Resize(Mode mode, Grid grid, Dim height, Dim width) implements Spatial {
        public Resize {
            GraphException.require(
                    grid == Grid.HALF_PIXEL || mode == Mode.BILINEAR || mode == Mode.BICUBIC,
                    "%s has no aligned corners",
                    mode);
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Shape x = image(this, inputs);
            return List.of(inputs.getFirst().with(x.with(2, height).with(3, width)));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Resize(mode, grid, height.bind(lengths), width.bind(lengths));
        }
    }

    /** Channel {@code c·f² + f·dy + dx} becomes pixel (dy, dx) of channel c. */
    record PixelShuffle(int factor) implements Spatial {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Shape x = image(this, inputs);
            return List.of(inputs.getFirst()
                    .with(x.with(1, divide(this, x.dim(1), factor * factor))
                            .with(2, x.dim(2).times(factor))
                            .with(3, x.dim(3).times(factor))));
        }
    }

    /** The inverse of {@link PixelShuffle}. */
    record PixelUnshuffle(int factor) implements Spatial {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Shape x = image(this, inputs);
            return List.of(inputs.getFirst()
                    .with(x.with(1, x.dim(1).times((long) factor * factor))
                            .with(2, divide(this, x.dim(2), factor))
                            .with(3, divide(this, x.dim(3), factor))));
        }
    }

    /** Largest element of each window; padding never wins. */
    record MaxPool(int kernelY, int kernelX, Convolution.Window window) implements Spatial {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return pooled(this, inputs, kernelY, kernelX, window);
        }
    }

    /** Mean of each window; {@code countPadding} says whether zeros of the padding are counted in the mean. */
    record AvgPool(int kernelY, int kernelX, Convolution.Window window, boolean countPadding) implements Spatial {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return pooled(this, inputs, kernelY, kernelX, window);
        }
    }

    private static List<TensorType> pooled(
            Op op, List<TensorType> inputs, int kernelY, int kernelX, Convolution.Window w) {
        Shape x = image(op, inputs);
        Dim h = Infer.window(op, x.dim(2), kernelY, w.strideY(), w.top(), w.bottom(), w.dilationY());
        Dim v = Infer.window(op, x.dim(3), kernelX, w.strideX(), w.left(), w.right(), w.dilationX());
        return List.of(inputs.getFirst().with(x.with(2, h).with(3, v)));
    }

    private static Shape image(Op op, List<TensorType> inputs) {
        Infer.arity(op, inputs, 1, 1);
        Infer.rank(op, inputs.getFirst(), 4);
        return inputs.getFirst().shape();
    }

    private static Dim divide(Op op, Dim length, int factor) {
        GraphException.require(
                !length.isKnown() || length.length() % factor == 0, "%s: %s is no multiple of %d", op, length, factor);
        return length.over(factor);
    }
}
