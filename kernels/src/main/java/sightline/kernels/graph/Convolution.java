package sightline.kernels.graph;

import java.util.List;

/** Convolutions over NCHW images. Inputs: image, weights and optionally bias [channels out]. */
public sealed interface Convolution extends Op {

    /**
     * Stride, padding and dilation, all symmetric in the two axes unless said otherwise.
     *
     * @param top rows of zeros above; likewise for the other three sides
     */
    record Window(int strideY, int strideX, int top, int left, int bottom, int right, int dilationY, int dilationX) {
        public Window {
            GraphException.require(
                    strideY > 0 && strideX > 0 && dilationY > 0 && dilationX > 0, "Strides and dilations are positive");
        }

        public static Window of(int stride, int padding) {
            return of(stride, padding, 1);
        }

        public static Window of(int stride, int padding, int dilation) {
            return new Window(stride, stride, padding, padding, padding, padding, dilation, dilation);
        }

        /** Stride and dilation exchanged, as the weight gradient sees this window. */
        public Window exchanged() {
            return new Window(
                    /* strideY= */ dilationY,
                    /* strideX= */ dilationX,
                    top,
                    left,
                    bottom,
                    right,
                    /* dilationY= */ strideY,
                    /* dilationX= */ strideX);
        }

        @Override
        public String toString() {
            String pad = top == left && top == bottom && top == right
                    ? Integer.toString(top)
                    : top + "," + left + "," + bottom + "," + right;
            return "stride " + (strideY == strideX ? strideY : strideY + "," + strideX)
                    + " pad " + pad
                    + (dilationY == 1 && dilationX == 1 ? "" : " dilation " + dilationY + "," + dilationX);
        }
    }

    /** Cross-correlation as networks use it. Weights [out, in / groups, kernel y, kernel x]. */
    record Conv2d(Window window, int groups) implements Convolution {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Shape w = common(this, inputs);
            Shape x = inputs.getFirst().shape();
            Infer.equal(this, "channels", x.dim(1), w.dim(1).times(groups));
            GraphException.require(
                    !w.dim(0).isKnown() || w.size(0) % groups == 0,
                    "%s: %s out channels in %d groups",
                    this,
                    w.dim(0),
                    groups);
            bias(this, inputs, w.dim(0));
            Dim h = Infer.window(
                    this, x.dim(2), w.size(2), window.strideY, window.top, window.bottom, window.dilationY);
            Dim v = Infer.window(
                    this, x.dim(3), w.size(3), window.strideX, window.left, window.right, window.dilationX);
            return List.of(inputs.getFirst().with(Shape.of(x.dim(0), w.dim(0), h, v)));
        }

        @Override
        public long macs(List<TensorType> inputs) {
            Shape w = inputs.get(1).shape();
            return infer(inputs).getFirst().shape().elements() * w.size(1) * w.size(2) * w.size(3);
        }
    }

    /**
     * The adjoint of {@link Conv2d} as a layer of its own. Weights [in, out / groups, kernel y, kernel x]; {@code
     * extraY/extraX} add rows and columns at the bottom and right that the strided window alone would not determine.
     */
    record ConvTranspose2d(Window window, int extraY, int extraX, int groups) implements Convolution {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Shape w = common(this, inputs);
            Shape x = inputs.getFirst().shape();
            Infer.equal(this, "channels", x.dim(1), w.dim(0));
            Dim out = w.dim(1).times(groups);
            bias(this, inputs, out);
            Dim h = x.dim(2)
                    .plus(-1)
                    .times(window.strideY)
                    .plus(window.dilationY * (w.size(2) - 1) + 1 - window.top - window.bottom + extraY);
            Dim v = x.dim(3)
                    .plus(-1)
                    .times(window.strideX)
                    .plus(window.dilationX * (w.size(3) - 1) + 1 - window.left - window.right + extraX);
            return List.of(inputs.getFirst().with(Shape.of(x.dim(0), out, h, v)));
        }

        @Override
        public long macs(List<TensorType> inputs) {
            Shape w = inputs.get(1).shape();
            return inputs.getFirst().shape().elements() * w.size(1) * w.size(2) * w.size(3);
        }
    }

    private static Shape common(Op op, List<TensorType> inputs) {
        Infer.arity(op, inputs, 2, 3);
        for (TensorType type : inputs) {
            Infer.real(op, type);
            Infer.same(op, inputs.getFirst(), type);
        }
        Infer.rank(op, inputs.get(0), 4);
        Infer.rank(op, inputs.get(1), 4);
        return inputs.get(1).shape();
    }

    private static void bias(Op op, List<TensorType> inputs, Dim channels) {
        if (inputs.size() > 2) {
            Infer.rank(op, inputs.get(2), 1);
            Infer.equal(op, "bias", inputs.get(2).shape().dim(0), channels);
        }
    }
}
