package sightline.kernels.cuda.single;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Convolution.Window;

/** Unfolds images into columns, so that a convolution is one product, and folds columns back: columns32.cu. */
final class Columns32 {
    private static final int MOST_THREADS = 256;
    private static final int WARP = 32;

    private final Emitter emitter;
    /** Null where products are exact. */
    private final Rounded rounded;
    /** What was unfolded before, since a gradient reads the same columns several times. */
    private final Map<List<Object>, Array32> known = new HashMap<>();

    /**
     * @param rounded operands of products; null where those are exact
     */
    Columns32(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /** Batch x (channels, taps) x outputs. */
    Array32 unfold(ConvolutionShape c) {
        Array32 x = c.x();
        Window window = c.window();
        List<Object> key = List.of(x.slot().id(), c.kernelY(), c.kernelX(), window, c.outArea());
        return known.computeIfAbsent(key, k -> {
            Array32 columns = emitter.array(false, x.dim(0), x.dim(1) * c.taps(), c.outArea());
            if (rounded != null) {
                rounded.allow(columns.slot());
            }
            Either made = Either.made(rounded, columns);
            launch("unfold32", c, x, null, made, c.outArea(), x.dim(0) * x.dim(1) * c.taps());
            return columns;
        });
    }

    /** Room for the columns of {@link #fold}. */
    Array32 room(ConvolutionShape c) {
        return emitter.array(false, c.x().dim(0), c.x().dim(1) * c.taps(), c.outArea());
    }

    /** Adds columns up to the image {@code c.x()}. */
    void fold(ConvolutionShape c, Array32 columns, Slot bias) {
        int area = c.x().dim(2) * c.x().dim(3);
        launch("fold32", c, columns, bias, Either.made(null, c.x()), area, c.x().dim(0) * c.x().dim(1));
    }

    private void launch(String kernel, ConvolutionShape c, Array32 from, Slot bias, Either to, int area, int rows) {
        int threads = Math.clamp((area + WARP - 1) / WARP * WARP, WARP, MOST_THREADS);
        int chunks = (area + threads - 1) / threads;
        Array32 x = c.x();
        Window window = c.window();
        Params params = new Params()
                .slot(from.slot())
                .slot(bias)
                .slot(to.wide())
                .slot(to.narrow())
                .int32(x.dim(0), x.dim(1), x.dim(2), x.dim(3), c.y().dim(2), c.y().dim(3))
                .int32(c.kernelY(), c.kernelX(), window.strideY(), window.strideX(), window.top(), window.left())
                .int32(window.dilationY(), window.dilationX(), chunks);
        double bytes = ConvolutionShape.traffic(from) + to.bytes();
        emitter.grid("columns32", kernel, Grid.of((long) rows * chunks), threads, 0, params, 0, bytes);
    }
}
