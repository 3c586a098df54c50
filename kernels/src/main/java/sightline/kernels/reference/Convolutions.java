package sightline.kernels.reference;

import java.util.List;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;

/** Convolutions, their transposes and their weight gradients: one walk over (output row, kernel tap), three uses. */
final class Convolutions {
    private Convolutions() {}

    static Array run(Convolution op, List<Array> in, Array out) {
        Array x = in.get(0);
        Array w = in.get(1);
        if (in.size() > 2) {
            int plane = out.shape[2] * out.shape[3];
            for (int i = 0; i < out.size; i++) {
                out.reals[i] = in.get(2).reals[i / plane % out.shape[1]];
            }
        }
        switch (op) {
            case Convolution.Conv2d conv ->
                walk(x, out, w, conv.window(), conv.groups(), (wide, narrow, weight, count, step) -> {
                    double k = w.reals[weight];
                    for (int i = 0; i < count; i++) {
                        out.reals[narrow + i] += k * x.reals[wide + i * step];
                    }
                });
            // The transpose swaps the roles: the output is the wide image that the window slides over.
            case Convolution.ConvTranspose2d transpose ->
                walk(out, x, w, transpose.window(), transpose.groups(), (wide, narrow, weight, count, step) -> {
                    double k = w.reals[weight];
                    for (int i = 0; i < count; i++) {
                        out.reals[wide + i * step] += k * x.reals[narrow + i];
                    }
                });
        }
        return out;
    }

    static Array weight(Adjoint.ConvWeight op, List<Array> in, Array out) {
        Array x = in.get(0);
        Array dy = in.get(1);
        walk(x, dy, out, op.window(), op.groups(), (wide, narrow, weight, count, step) -> {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += dy.reals[narrow + i] * x.reals[wide + i * step];
            }
            out.reals[weight] += sum;
        });
        return out;
    }

    /** A row of the small image and the positions of the large one that one kernel tap connects it with. */
    private interface Row {
        void at(int wide, int narrow, int weight, int count, int step);
    }

    /** Weights are [channels of the small image, channels of the large one / groups, y, x]. */
    private static void walk(Array wide, Array narrow, Array w, Window g, int groups, Row row) {
        int outs = narrow.shape[1] / groups;
        int ins = wide.shape[1] / groups;
        for (int n = 0; n < narrow.shape[0]; n++) {
            for (int o = 0; o < narrow.shape[1]; o++) {
                for (int c = 0; c < ins; c++) {
                    int channel = o / outs * ins + c;
                    int from = (n * wide.shape[1] + channel) * wide.shape[2] * wide.shape[3];
                    int to = (n * narrow.shape[1] + o) * narrow.shape[2] * narrow.shape[3];
                    plane(wide, from, narrow, to, w, (o * ins + c) * w.shape[2] * w.shape[3], g, row);
                }
            }
        }
    }

    private static void plane(Array wide, int from, Array narrow, int to, Array w, int weight, Window g, Row row) {
        int width = narrow.shape[3];
        for (int ky = 0; ky < w.shape[2]; ky++) {
            for (int kx = 0; kx < w.shape[3]; kx++) {
                int shift = kx * g.dilationX() - g.left();
                int first = Math.max(0, Math.ceilDiv(-shift, g.strideX()));
                int last = Math.min(width - 1, Math.floorDiv(wide.shape[3] - 1 - shift, g.strideX()));
                for (int y = 0; y < narrow.shape[2] && first <= last; y++) {
                    int v = y * g.strideY() + ky * g.dilationY() - g.top();
                    if (v >= 0 && v < wide.shape[2]) {
                        row.at(
                                from + v * wide.shape[3] + shift + first * g.strideX(),
                                to + y * width + first,
                                weight + ky * w.shape[3] + kx,
                                last - first + 1,
                                g.strideX());
                    }
                }
            }
        }
    }
}
