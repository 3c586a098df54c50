package sightline.kernels.cuda;

import java.util.List;
import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;

/** Matrix products and convolutions in float32, forward and backward. */
final class Convolution32 {
    private static final int TILE = 64;
    private static final int BLOCK = 256;
    /** How many blocks a weight gradient is cut into, so that small filters still fill the device. */
    private static final int WANTED_BLOCKS = 264;

    private final Emitter emitter;

    Convolution32(Emitter emitter) {
        this.emitter = emitter;
    }

    Array32 lower(Convolution op, List<Array32> in, Node node) {
        Array32 x = in.get(0);
        Array32 w = in.get(1);
        Slot bias = in.size() > 2 ? in.get(2).slot() : null;
        Array32 out = emitter.array(false, Lowering32.shape(node.output()));
        double flops = 2.0 * node.macs();
        return switch (op) {
            case Convolution.Conv2d conv -> {
                forward(new Geometry(x, out, w, conv.window(), conv.groups()), x, w, bias, out, flops);
                yield out;
            }
            case Convolution.ConvTranspose2d conv -> {
                backward(new Geometry(out, x, w, conv.window(), conv.groups()), x, w, bias, out, flops);
                yield out;
            }
        };
    }

    /** A convolution's sizes, seen from its input {@code x} to its output {@code y}. */
    private record Geometry(Array32 x, Array32 y, Array32 w, Window window, int groups) {
        boolean depthwise() {
            return x.dim(1) == groups && y.dim(1) == groups;
        }

        Params sizes(Params params) {
            params.int32(x.dim(0), x.dim(1), x.dim(2), x.dim(3));
            if (depthwise()) {
                params.int32(y.dim(2), y.dim(3));
            } else {
                params.int32(y.dim(1), y.dim(2), y.dim(3));
            }
            return params.int32(
                    w.dim(2),
                    w.dim(3),
                    window.strideY(),
                    window.strideX(),
                    window.top(),
                    window.left(),
                    window.dilationY(),
                    window.dilationX());
        }
    }

    private static double traffic(Array32... arrays) {
        double bytes = 0;
        for (Array32 array : arrays) {
            bytes += 4.0 * array.size();
        }
        return bytes;
    }

    private void forward(Geometry g, Array32 x, Array32 w, Slot bias, Array32 out, double flops) {
        Params params =
                g.sizes(new Params().slot(x.slot()).slot(w.slot()).slot(bias).slot(out.slot()));
        if (g.depthwise()) {
            emitter.each("depthwise32", "depthwise32", out.size(), params.int32(1), flops, traffic(x, w, out));
            return;
        }
        params.int32(g.groups, 1);
        Grid grid = new Grid(tiles(out.dim(0) * out.dim(2) * out.dim(3)), tiles(out.dim(1) / g.groups), g.groups);
        emitter.grid("dense32", "conv32", grid, BLOCK, 0, params, flops, traffic(x, w, out));
    }

    private void backward(Geometry g, Array32 dy, Array32 w, Slot bias, Array32 out, double flops) {
        Params params =
                g.sizes(new Params().slot(dy.slot()).slot(w.slot()).slot(bias).slot(out.slot()));
        if (g.depthwise()) {
            emitter.each(
                    "depthwise32",
                    "depthwise32_input_gradient",
                    out.size(),
                    params.int32(1),
                    flops,
                    traffic(dy, w, out));
            return;
        }
        params.int32(g.groups, 1);
        Grid grid = new Grid(tiles(out.dim(0) * out.dim(2) * out.dim(3)), tiles(out.dim(1) / g.groups), g.groups);
        emitter.grid("dense32", "conv32_input_gradient", grid, BLOCK, 0, params, flops, traffic(dy, w, out));
    }

    Array32 weightGradient(Adjoint.ConvWeight op, List<Array32> in, Node node) {
        Array32 x = in.get(0);
        Array32 dy = in.get(1);
        Array32 out = emitter.array(false, Lowering32.shape(node.output()));
        Geometry g = new Geometry(x, dy, out, op.window(), op.groups());
        int pixels = dy.dim(0) * dy.dim(2) * dy.dim(3);
        Grid tiles = g.depthwise()
                ? new Grid(op.kernelY() * op.kernelX(), x.dim(1), 1)
                : new Grid(
                        tiles(dy.dim(1) / op.groups()), tiles(out.dim(1) * op.kernelY() * op.kernelX()), op.groups());
        int blocks = tiles.x() * tiles.y() * tiles.z();
        int splits = Math.clamp((WANTED_BLOCKS + blocks - 1) / blocks, 1, Math.max(1, pixels / 2048));
        Array32 partial = splits == 1 ? out : emitter.array(false, splits, out.size());
        Params params =
                g.sizes(new Params().slot(x.slot()).slot(dy.slot()).slot(null).slot(partial.slot()));
        double flops = 2.0 * node.macs();
        if (g.depthwise()) {
            Grid grid = new Grid(tiles.x(), tiles.y(), splits);
            emitter.grid(
                    "depthwise32",
                    "depthwise32_weight_gradient",
                    grid,
                    BLOCK,
                    0,
                    params.int32(splits),
                    flops,
                    traffic(x, dy));
        } else {
            Grid grid = new Grid(tiles.x(), tiles.y(), tiles.z() * splits);
            emitter.grid(
                    "dense32",
                    "conv32_weight_gradient",
                    grid,
                    BLOCK,
                    0,
                    params.int32(op.groups(), splits),
                    flops,
                    traffic(x, dy));
        }
        if (splits > 1) {
            new Reduction32(emitter).sumInto(partial, out);
        }
        return out;
    }

    Array32 matmul(Linear.MatMul op, List<Array32> in, Node node) {
        Array32 a = in.get(0);
        Array32 b = in.get(1);
        int[] shape = Lowering32.shape(node.output());
        Array32 out = emitter.array(false, shape);
        int m = out.dim(-2);
        int n = out.dim(-1);
        int k = op.transposeA() ? a.dim(-2) : a.dim(-1);
        int[] batch = java.util.Arrays.copyOf(shape, shape.length - 2);
        Params params = new Params()
                .slot(a.slot())
                .slot(b.slot())
                .slot(out.slot())
                .int32(m, n, k)
                .int32(op.transposeA() ? 1 : a.dim(-1), op.transposeA() ? a.dim(-1) : 1)
                .int32(op.transposeB() ? 1 : b.dim(-1), op.transposeB() ? b.dim(-1) : 1);
        Elements32.walk(params, batch);
        params.int32Array(batchStrides(a, batch), Emitter.RANK)
                .int32Array(batchStrides(b, batch), Emitter.RANK)
                .int32(op.transposeA() ? 1 : 0, op.transposeB() ? 1 : 0);
        int products = new Array32(null, batch, false).size();
        emitter.grid(
                "dense32",
                "matmul32",
                new Grid(tiles(m), tiles(n), products),
                BLOCK,
                0,
                params,
                2.0 * node.macs(),
                traffic(a, b, out));
        return out;
    }

    private static int[] batchStrides(Array32 x, int[] batch) {
        int[] own = x.strides();
        int[] strides = new int[batch.length];
        int shift = batch.length + 2 - x.rank();
        for (int i = shift; i < batch.length; i++) {
            strides[i] = x.dim(i - shift) == 1 ? 0 : own[i - shift];
        }
        return strides;
    }

    private static int tiles(int length) {
        return (length + TILE - 1) / TILE;
    }
}
