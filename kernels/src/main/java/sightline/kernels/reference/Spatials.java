package sightline.kernels.reference;

import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Taps;

/** Resizes, pixel shuffles and pooling, with their adjoints. */
final class Spatials {
    private Spatials() {}

    static Array run(Spatial op, Array x, Array out) {
        int h = x.shape[2];
        int w = x.shape[3];
        return switch (op) {
            case Spatial.Resize resize -> {
                Taps rows = Taps.of(resize.mode(), resize.grid(), h, out.shape[2]);
                Taps columns = Taps.of(resize.mode(), resize.grid(), w, out.shape[3]);
                for (int plane = 0; plane < x.shape[0] * x.shape[1]; plane++) {
                    resize(x.reals, plane * h * w, w, rows, columns, out, plane);
                }
                yield out;
            }
            case Spatial.PixelShuffle shuffle -> {
                int f = shuffle.factor();
                // [N, C, f, f, H, W] read as [N, C, H, f, W, f].
                int[] shape = {x.shape[0], x.shape[1] / (f * f), h, f, w, f};
                int[] strides = {x.shape[1] * h * w, f * f * h * w, w, f * h * w, 1, h * w};
                yield x.take(Strides.offsets(shape, strides, 0), 0, out.shape);
            }
            case Spatial.PixelUnshuffle shuffle -> {
                int f = shuffle.factor();
                int[] shape = {x.shape[0], x.shape[1], f, f, h / f, w / f};
                int[] strides = {x.shape[1] * h * w, h * w, w, 1, f * w, f};
                yield x.take(Strides.offsets(shape, strides, 0), 0, out.shape);
            }
            case Spatial.MaxPool maxPool -> {
                for (int i = 0; i < out.size; i++) {
                    out.reals[i] = x.reals[largest(x, out, i, maxPool.kernelY(), maxPool.kernelX(), maxPool.window())];
                }
                yield out;
            }
            case Spatial.AvgPool pool -> {
                for (int i = 0; i < out.size; i++) {
                    average(x, out, i, pool, true);
                }
                yield out;
            }
        };
    }

    private static void resize(double[] from, int base, int w, Taps rows, Taps columns, Array out, int plane) {
        int oh = out.shape[2];
        int ow = out.shape[3];
        for (int y = 0; y < oh; y++) {
            for (int x = 0; x < ow; x++) {
                double sum = 0;
                for (int a = 0; a < rows.index()[y].length; a++) {
                    int row = base + rows.index()[y][a] * w;
                    double part = 0;
                    for (int b = 0; b < columns.index()[x].length; b++) {
                        part += columns.weight()[x][b] * from[row + columns.index()[x][b]];
                    }
                    sum += rows.weight()[y][a] * part;
                }
                out.reals[(plane * oh + y) * ow + x] = sum;
            }
        }
    }

    static Array resizeInput(Adjoint.ResizeInput op, Array dy, Array out) {
        int h = dy.shape[2];
        int w = dy.shape[3];
        Taps rows = Taps.of(op.mode(), op.grid(), out.shape[2], h);
        Taps columns = Taps.of(op.mode(), op.grid(), out.shape[3], w);
        for (int i = 0; i < dy.size; i++) {
            int plane = i / (h * w);
            int y = i / w % h;
            int x = i % w;
            for (int a = 0; a < rows.index()[y].length; a++) {
                for (int b = 0; b < columns.index()[x].length; b++) {
                    int to = (plane * out.shape[2] + rows.index()[y][a]) * out.shape[3] + columns.index()[x][b];
                    out.reals[to] += rows.weight()[y][a] * columns.weight()[x][b] * dy.reals[i];
                }
            }
        }
        return out;
    }

    static Array maxPoolInput(Adjoint.MaxPoolInput op, Array x, Array dy, Array out) {
        for (int i = 0; i < dy.size; i++) {
            out.reals[largest(x, dy, i, op.kernelY(), op.kernelX(), op.window())] += dy.reals[i];
        }
        return out;
    }

    static Array avgPoolInput(Adjoint.AvgPoolInput op, Array dy, Array out) {
        for (int i = 0; i < dy.size; i++) {
            average(out, dy, i, op.pool(), false);
        }
        return out;
    }

    /** Offset of the first largest element in the window of pooled element i; NaN wins. */
    private static int largest(Array x, Array pooled, int i, int ky, int kx, Window g) {
        int h = x.shape[2];
        int w = x.shape[3];
        int plane = i / (pooled.shape[2] * pooled.shape[3]);
        int top = i / pooled.shape[3] % pooled.shape[2] * g.strideY() - g.top();
        int left = i % pooled.shape[3] * g.strideX() - g.left();
        int best = -1;
        for (int a = 0; a < ky; a++) {
            for (int b = 0; b < kx; b++) {
                int y = top + a * g.dilationY();
                int v = left + b * g.dilationX();
                if (y >= 0 && y < h && v >= 0 && v < w) {
                    int at = (plane * h + y) * w + v;
                    if (best < 0 || x.reals[at] > x.reals[best] || Double.isNaN(x.reals[at])) {
                        best = at;
                    }
                }
            }
        }
        return best;
    }

    /** Averages a window into its pooled element, or spreads the pooled element over its window. */
    private static void average(Array x, Array pooled, int i, Spatial.AvgPool pool, boolean forward) {
        Window g = pool.window();
        int h = x.shape[2];
        int w = x.shape[3];
        int plane = i / (pooled.shape[2] * pooled.shape[3]);
        int top = i / pooled.shape[3] % pooled.shape[2] * g.strideY() - g.top();
        int left = i % pooled.shape[3] * g.strideX() - g.left();
        int first = Math.max(top, 0);
        int last = Math.min(top + pool.kernelY(), h);
        int from = Math.max(left, 0);
        int to = Math.min(left + pool.kernelX(), w);
        int count = pool.countPadding() ? pool.kernelY() * pool.kernelX() : (last - first) * (to - from);
        double sum = 0;
        for (int y = first; y < last; y++) {
            for (int v = from; v < to; v++) {
                int at = (plane * h + y) * w + v;
                if (forward) {
                    sum += x.reals[at];
                } else {
                    x.reals[at] += pooled.reals[i] / count;
                }
            }
        }
        if (forward) {
            pooled.reals[i] = sum / count;
        }
    }
}
