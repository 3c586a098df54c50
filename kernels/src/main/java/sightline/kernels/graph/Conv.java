package sightline.kernels.graph;

/**
 * Hyper-parameters of a convolution layer: output channels, square kernel, stride 1, "same" padding {@code
 * dilation·(kernel/2)}, one group, no bias, until said otherwise.
 */
public record Conv(int out, int kernel, int stride, int padding, int dilation, int groups, boolean bias) {
    public static Conv of(int out, int kernel) {
        return new Conv(out, kernel, 1, kernel / 2, 1, 1, false);
    }

    /** One filter a channel. */
    public static Conv depthwise(int channels, int kernel) {
        return of(channels, kernel).groups(channels);
    }

    public Conv stride(int value) {
        return new Conv(out, kernel, value, padding, dilation, groups, bias);
    }

    public Conv padding(int value) {
        return new Conv(out, kernel, stride, value, dilation, groups, bias);
    }

    /** Also sets the padding that keeps the size. */
    public Conv dilation(int value) {
        return new Conv(out, kernel, stride, value * (kernel / 2), value, groups, bias);
    }

    public Conv groups(int value) {
        return new Conv(out, kernel, stride, padding, dilation, value, bias);
    }

    public Conv bias(boolean value) {
        return new Conv(out, kernel, stride, padding, dilation, groups, value);
    }

    public Conv biased() {
        return bias(true);
    }

    Convolution.Window window() {
        return Convolution.Window.of(stride, padding, dilation);
    }
}
