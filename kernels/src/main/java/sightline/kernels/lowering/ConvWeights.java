package sightline.kernels.lowering;

import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Value;

/**
 * Weight gradients without an operation of their own. A pointwise one is a matrix product. Any other is a convolution of
 * the image with the output's gradient as kernel, batch and channels exchanged, stride and dilation exchanged.
 */
final class ConvWeights {
    private ConvWeights() {}

    static Value of(Adjoint.ConvWeight op, Value x, Value dy, GraphBuilder g) {
        Window w = op.window();
        boolean pointwise = op.kernelY() == 1 && op.kernelX() == 1 && op.groups() == 1;
        return pointwise && w.equals(Window.of(1, 0)) ? product(x, dy, g) : convolution(op, x, dy, g);
    }

    private static Value product(Value x, Value dy, GraphBuilder g) {
        Value image = g.reshape(x, x.size(0), x.size(1), -1);
        Value gradient = g.reshape(dy, dy.size(0), dy.size(1), -1);
        Value each = g.matmul(gradient, false, image, true);
        return g.reshape(g.reduce(Reduction.Kind.SUM, each, false, 0), dy.size(1), x.size(1), 1, 1);
    }

    private static Value convolution(Adjoint.ConvWeight op, Value x, Value dy, GraphBuilder g) {
        Window w = op.window();
        int groups = op.groups();
        long batch = x.size(0);
        long channels = x.size(1) / groups;
        Value apart = g.reshape(x, batch, groups, channels, x.size(2), x.size(3));
        Value image = g.reshape(g.permute(apart, 2, 1, 0, 3, 4), channels, groups * batch, x.size(2), x.size(3));
        Value kernel = g.permute(dy, 1, 0, 2, 3);
        Value all = g.single(new Convolution.Conv2d(w.exchanged(), groups), image, kernel);
        // Rows that the stride never reached give taps beyond the kernel.
        Value taps = g.slice(g.slice(all, 2, 0, op.kernelY()), 3, 0, op.kernelX());
        return g.permute(taps, 1, 0, 2, 3);
    }
}
