package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.graph.Convolution.Window;

/** A convolution's sizes, seen from its input {@code x} to its output {@code y}, whichever of the two is made. */
record ConvolutionShape(Array32 x, Array32 y, Array32 w, Window window, int groups) {
    /** Columns of more elements than this are not unfolded. */
    private static final long MOST_COLUMNS = 1L << 28;

    int kernelY() {
        return w.dim(2);
    }

    int kernelX() {
        return w.dim(3);
    }

    int taps() {
        return kernelY() * kernelX();
    }

    int outArea() {
        return y.dim(2) * y.dim(3);
    }

    boolean depthwise() {
        return x.dim(1) == groups && y.dim(1) == groups;
    }

    boolean pointwise() {
        return taps() == 1 && window.equals(Window.of(1, 0));
    }

    /** Whether columns fit in memory beside everything else. */
    boolean unfolds() {
        return groups == 1 && (long) x.dim(0) * x.dim(1) * taps() * outArea() <= MOST_COLUMNS;
    }

    /** Whether the tiled depthwise kernels were built for it. */
    boolean tiles() {
        boolean square = kernelY() == kernelX() && (kernelY() == 3 || kernelY() == 5 || kernelY() == 7);
        boolean even = window.strideY() == window.strideX() && window.strideY() <= 2;
        return depthwise() && square && even && window.dilationY() == 1 && window.dilationX() == 1;
    }

    /** What the general kernels are told. */
    Params sizes(Params params) {
        params.int32(x.dim(0), x.dim(1), x.dim(2), x.dim(3));
        if (depthwise()) {
            params.int32(y.dim(2), y.dim(3));
        } else {
            params.int32(y.dim(1), y.dim(2), y.dim(3));
        }
        return params.int32(
                kernelY(),
                kernelX(),
                window.strideY(),
                window.strideX(),
                window.top(),
                window.left(),
                window.dilationY(),
                window.dilationX());
    }

    static double traffic(Array32... arrays) {
        double bytes = 0;
        for (Array32 array : arrays) {
            bytes += 4.0 * array.size();
        }
        return bytes;
    }
}
