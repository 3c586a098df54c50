package sightline.operators.candidates;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Convolution.Conv2d;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/**
 * A kind of convolution: square kernel, equal padding on all sides, no dilation, no bias.
 *
 * @param batch pictures
 * @param in channels of x
 * @param out channels of y
 */
record Layer(int batch, int in, int height, int width, int out, int kernel, int stride, int padding, int groups) {

    /**
     * How often a network has a kind of convolution.
     *
     * @param forward times it occurs
     * @param backward times that the gradient for x is wanted: not where x is the picture
     */
    record Count(int forward, int backward) {
        int of(Pass pass) {
            return pass == Pass.INPUT ? backward : forward;
        }

        private Count plus(Count other) {
            return new Count(forward + other.forward, backward + other.backward);
        }
    }

    /** All convolutions of a network whose dimensions are bound, each kind once, in the order of their first use. */
    static Map<Layer, Count> of(Graph network) {
        Map<Layer, Count> layers = new LinkedHashMap<>();
        Set<Value> learned = new HashSet<>();
        for (Node node : network.nodes()) {
            boolean parameter = node.op() instanceof Source.Parameter p && p.role() == Source.Role.WEIGHT;
            boolean depends = node.inputs().stream().anyMatch(learned::contains);
            if (node.op() instanceof Conv2d conv) {
                var count = new Count(1, learned.contains(node.input(0)) ? 1 : 0);
                layers.merge(of(conv, node.input(0).shape(), node.input(1).shape()), count, Count::plus);
            }
            if (parameter || depends) {
                learned.addAll(node.outputs());
            }
        }
        return layers;
    }

    private static Layer of(Conv2d conv, Shape x, Shape w) {
        Window window = conv.window();
        int kernel = (int) w.size(2);
        if (w.size(3) != kernel || !window.equals(Window.of(window.strideY(), window.top()))) {
            throw new IllegalArgumentException("This bench knows no " + conv + " with weights " + w);
        }
        return new Layer(
                (int) x.size(0),
                (int) x.size(1),
                (int) x.size(2),
                (int) x.size(3),
                (int) w.size(0),
                kernel,
                window.strideY(),
                window.top(),
                conv.groups());
    }

    Window window() {
        return Window.of(stride, padding);
    }

    int outHeight() {
        return (height + 2 * padding - kernel) / stride + 1;
    }

    int outWidth() {
        return (width + 2 * padding - kernel) / stride + 1;
    }

    /** Of x, NCHW. */
    long[] xShape() {
        return new long[] {batch, in, height, width};
    }

    /** Of w, [out, in / groups, kernel, kernel]. */
    long[] wShape() {
        return new long[] {out, in / groups, kernel, kernel};
    }

    /** Of y, NCHW. */
    long[] yShape() {
        return new long[] {batch, out, outHeight(), outWidth()};
    }

    /** Shape of what a pass computes. */
    long[] resultShape(Pass pass) {
        return switch (pass) {
            case FORWARD -> yShape();
            case INPUT -> xShape();
            case WEIGHT -> wShape();
        };
    }

    /** Multiply-accumulates of a pass, the same for all three. */
    long macs() {
        return size(yShape()) * (in / groups) * kernel * kernel;
    }

    /** What Det-B0 has of it, in words. */
    Kind kind() {
        if (groups > 1 && groups == in && in == out) {
            return Kind.DEPTHWISE;
        }
        if (kernel > 1) {
            return Kind.DENSE;
        }
        return groups > 1 ? Kind.GROUPED : Kind.POINTWISE;
    }

    /** Kinds that are computed differently. */
    enum Kind {
        DENSE,
        POINTWISE,
        GROUPED,
        DEPTHWISE
    }

    /** The passes of this kind that a network with this count needs. */
    static List<Pass> passes(Count count) {
        List<Pass> passes = new ArrayList<>(List.of(Pass.values()));
        passes.removeIf(pass -> count.of(pass) == 0);
        return passes;
    }

    static int size(long... shape) {
        long size = 1;
        for (long length : shape) {
            size *= length;
        }
        return Math.toIntExact(size);
    }
}
