package sightline.kernels.graph;

import java.util.List;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Spatial.Grid;
import sightline.kernels.graph.Spatial.Mode;

/** Operations on NCHW images. */
public interface Imaging extends Writer {
    default Value conv2d(Value x, Value weight, Window window, int groups) {
        return single(new Convolution.Conv2d(window, groups), x, weight);
    }

    default Value conv2d(Value x, Value weight, Value bias, Window window, int groups) {
        return single(new Convolution.Conv2d(window, groups), x, weight, bias);
    }

    default Value resize(Value x, Mode mode, long height, long width) {
        return resize(x, mode, Grid.HALF_PIXEL, Dim.of(height), Dim.of(width));
    }

    default Value resize(Value x, Mode mode, Grid grid, Dim height, Dim width) {
        return single(new Spatial.Resize(mode, grid, height, width), x);
    }

    /** The image {@code factor} times as large. */
    default Value upsample(Value x, Mode mode, int factor) {
        return resize(
                x,
                mode,
                Grid.HALF_PIXEL,
                x.shape().dim(2).times(factor),
                x.shape().dim(3).times(factor));
    }

    default Value pixelShuffle(Value x, int factor) {
        return single(new Spatial.PixelShuffle(factor), x);
    }

    default Value pixelUnshuffle(Value x, int factor) {
        return single(new Spatial.PixelUnshuffle(factor), x);
    }

    default Value maxPool(Value x, int kernel, int stride, int padding) {
        return single(new Spatial.MaxPool(kernel, kernel, Window.of(stride, padding)), x);
    }

    default Value avgPool(Value x, int kernel, int stride, int padding) {
        return single(new Spatial.AvgPool(kernel, kernel, Window.of(stride, padding), true), x);
    }

    /** Mean over the image, [N, C, 1, 1]. */
    default Value globalAvgPool(Value x) {
        return single(new Reduction.Reduce(Reduction.Kind.MEAN, List.of(2, 3), true), x);
    }
}
