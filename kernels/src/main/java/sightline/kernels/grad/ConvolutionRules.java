package sightline.kernels.grad;

import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Conv2d;
import sightline.kernels.graph.Convolution.ConvTranspose2d;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * Gradients of convolutions. Point-wise ones are matrix products; with stride 1 the gradient for the input is itself a
 * convolution, with flipped weights, which engines run faster than a transposed one; weight gradients of spatial kernels
 * are an operation of their own.
 */
final class ConvolutionRules {
    private ConvolutionRules() {}

    static void pull(Rules r, Convolution op, Value dy) {
        switch (op) {
            case Conv2d conv -> {
                Value x = r.input(0);
                Value w = r.input(1);
                r.give(0, input(r.g, x, w, conv.window(), conv.groups(), dy));
                r.give(1, weight(r.g, x, w.shape(), conv.window(), conv.groups(), dy));
            }
            case ConvTranspose2d conv -> {
                r.give(0, r.g.conv2d(dy, r.input(1), conv.window(), conv.groups()));
                r.give(1, weight(r.g, dy, r.input(1).shape(), conv.window(), conv.groups(), r.input(0)));
            }
        }
        if (r.node.inputs().size() > 2) {
            Value sum = r.g.sum(r.g.sum(dy, 2, 3), 0);
            r.give(2, r.g.reshape(sum, r.input(2).shape()));
        }
    }

    private static boolean pointwise(Shape w, Window window) {
        return w.size(2) == 1 && w.size(3) == 1 && window.equals(Window.of(1, 0));
    }

    private static Value weight(GraphBuilder g, Value x, Shape w, Window window, int groups, Value dy) {
        if (!pointwise(w, window)) {
            return g.single(new Adjoint.ConvWeight(window, groups, (int) w.size(2), (int) w.size(3)), x, dy);
        }
        long n = x.size(0);
        long area = x.size(2) * x.size(3);
        Value columns = g.reshape(x, n, groups, x.size(1) / groups, area);
        Value rows = g.reshape(dy, n, groups, dy.size(1) / groups, area);
        return g.reshape(g.sum(g.matmul(rows, false, columns, true), 0), w);
    }

    private static Value input(GraphBuilder g, Value x, Value w, Window window, int groups, Value dy) {
        int ky = (int) w.size(2);
        int kx = (int) w.size(3);
        int reachY = window.dilationY() * (ky - 1);
        int reachX = window.dilationX() * (kx - 1);
        boolean dense = window.strideY() == 1 && window.strideX() == 1;
        boolean inside =
                reachY >= Math.max(window.top(), window.bottom()) && reachX >= Math.max(window.left(), window.right());
        if (dense && inside) {
            var back = new Window(
                    1,
                    1,
                    reachY - window.top(),
                    reachX - window.left(),
                    reachY - window.bottom(),
                    reachX - window.right(),
                    window.dilationY(),
                    window.dilationX());
            return g.conv2d(dy, flipped(g, w, groups), back, groups);
        }
        int extraY = (int) (x.size(2) - covered(dy.size(2), window.strideY(), reachY, window.top() + window.bottom()));
        int extraX = (int) (x.size(3) - covered(dy.size(3), window.strideX(), reachX, window.left() + window.right()));
        return g.single(new ConvTranspose2d(window, extraY, extraX, groups), dy, w);
    }

    private static long covered(long out, int stride, int reach, int padding) {
        return (out - 1) * stride + reach + 1 - padding;
    }

    /** Weights with in and out exchanged within each group, and both axes reversed. */
    private static Value flipped(GraphBuilder g, Value w, int groups) {
        long out = w.size(0) / groups;
        long in = w.size(1);
        Value turned = w;
        if (out > 1 || in > 1) {
            turned = g.reshape(w, groups, out, in, w.size(2), w.size(3));
            turned = g.permute(turned, 0, 2, 1, 3, 4);
            turned = g.reshape(turned, groups * in, out, w.size(2), w.size(3));
        }
        turned = w.size(2) > 1 ? g.flip(turned, 2) : turned;
        return w.size(3) > 1 ? g.flip(turned, 3) : turned;
    }
}
