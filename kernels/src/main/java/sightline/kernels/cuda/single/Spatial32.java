package sightline.kernels.cuda.single;

import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Spatial;

/** Resizing, pooling and pixel shuffles of NCHW float32 images, and their adjoints. */
final class Spatial32 {
    private final Emitter emitter;
    private final Elements32 elements;

    Spatial32(Emitter emitter, Elements32 elements) {
        this.emitter = emitter;
        this.elements = elements;
    }

    Array32 lower(Spatial op, List<Array32> in, Node node) {
        Array32 x = in.getFirst();
        int[] shape = Lowering32.shape(node.output());
        return switch (op) {
            case Spatial.Resize resize -> {
                Array32 out = emitter.array(false, shape);
                resize(x, out, x, out, resize.mode(), resize.grid(), "resize");
                yield out;
            }
            case Spatial.PixelShuffle shuffle -> {
                int f = shuffle.factor();
                int w = x.dim(3);
                int area = x.dim(2) * w;
                // Channel c*f*f + f*dy + dx at (y, x): walk n, c, y, dy, x, dx.
                int[] walk = {shape[0], shape[1], x.dim(2), f, w, f};
                int[] strides = {x.dim(1) * area, f * f * area, w, f * area, 1, area};
                yield elements.rearranged(x, 0, strides, walk).reshaped(shape);
            }
            case Spatial.PixelUnshuffle shuffle -> {
                int f = shuffle.factor();
                int w = x.dim(3);
                int area = x.dim(2) * w;
                int[] walk = {shape[0], x.dim(1), f, f, shape[2], shape[3]};
                int[] strides = {x.dim(1) * area, area, w, 1, f * w, f};
                yield elements.rearranged(x, 0, strides, walk).reshaped(shape);
            }
            case Spatial.MaxPool pool -> {
                Array32 out = emitter.array(false, shape);
                pool(x, null, out, x, out, pool.kernelY(), pool.kernelX(), pool.window(), 1, 0, "pool");
                yield out;
            }
            case Spatial.AvgPool pool -> {
                Array32 out = emitter.array(false, shape);
                int counted = pool.countPadding() ? 1 : 0;
                pool(x, null, out, x, out, pool.kernelY(), pool.kernelX(), pool.window(), 0, counted, "pool");
                yield out;
            }
        };
    }

    Array32 adjoint(Adjoint op, List<Array32> in, Node node) {
        Array32 out = emitter.array(false, Lowering32.shape(node.output()));
        switch (op) {
            case Adjoint.ResizeInput resize ->
                resize(in.getFirst(), out, out, in.getFirst(), resize.mode(), resize.grid(), "resize_input");
            case Adjoint.MaxPoolInput pool ->
                pool(
                        in.get(0),
                        in.get(1),
                        out,
                        out,
                        in.get(1),
                        pool.kernelY(),
                        pool.kernelX(),
                        pool.window(),
                        1,
                        0,
                        "pool_input");
            case Adjoint.AvgPoolInput average -> {
                Spatial.AvgPool pool = average.pool();
                int counted = pool.countPadding() ? 1 : 0;
                Array32 dy = in.getFirst();
                pool(null, dy, out, out, dy, pool.kernelY(), pool.kernelX(), pool.window(), 0, counted, "pool_input");
            }
            default -> throw new IllegalArgumentException(op + " is no adjoint of an image operation");
        }
        return out;
    }

    private void resize(
            Array32 in,
            Array32 out,
            Array32 small,
            Array32 large,
            Spatial.Mode mode,
            Spatial.Grid grid,
            String kernel) {
        Params params = new Params()
                .slot(in.slot())
                .slot(out.slot())
                .int32(in.dim(0) * in.dim(1), small.dim(2), small.dim(3), large.dim(2), large.dim(3))
                .int32(Codes.of(mode), grid == Spatial.Grid.ALIGN_CORNERS ? 1 : 0);
        emitter.each("spatial", kernel, out.size(), params, 16.0 * out.size(), 4.0 * (in.size() + out.size()));
    }

    private void pool(
            Array32 x,
            Array32 dy,
            Array32 result,
            Array32 image,
            Array32 pooled,
            int kernelY,
            int kernelX,
            Window w,
            int largest,
            int countPadding,
            String kernel) {
        Params params = new Params()
                .slot(x == null ? null : x.slot())
                .slot(dy == null ? null : dy.slot())
                .slot(result.slot())
                .int32(image.dim(0) * image.dim(1), image.dim(2), image.dim(3), pooled.dim(2), pooled.dim(3))
                .int32(kernelY, kernelX, w.strideY(), w.strideX(), w.top(), w.left(), w.bottom(), w.right())
                .int32(w.dilationY(), w.dilationX(), largest, countPadding);
        emitter.each(
                "spatial",
                kernel,
                result.size(),
                params,
                (double) kernelY * kernelX * pooled.size(),
                4.0 * (image.size() + pooled.size()));
    }
}
