package sightline.kernels.cuda.pattern;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;

/**
 * What the channels of a network's images are on average, told from its weights alone (as in Nagel et al., "Data-free
 * quantization through weight equalization and bias correction", ICCV 2019, section 4.2): channels are taken for normal, pictures
 * for ones of mean 0 and variance 1, and behind a norm stands what it says. Where the statistics that norms keep are not this
 * network's, as with random weights, norms are applied like any scale: they are believed if they tell the means of
 * convolutions better than zero would.
 *
 * <p>A guess: good enough to say where most of a channel lies, never needed for a right result. Immutable.
 */
public final class ChannelMeans {
    private final Folding folding;
    private final Map<Node, AttentionPattern> attentions;
    private final boolean believing;
    private final Map<Value, Moments> moments = new HashMap<>();
    /** Of the means that norms keep, in their deviations: squared distances from what convolutions should give, and squares. */
    private double missed;

    private double told;

    private ChannelMeans(Graph graph, Folding folding, Map<Node, AttentionPattern> attentions, boolean believing) {
        this.folding = folding;
        this.attentions = attentions;
        this.believing = believing;
        for (Node node : graph.nodes()) {
            Moments made = node.outputs().size() == 1 && node.output().shape().rank() == 4 ? make(node) : null;
            if (made != null) {
                moments.put(node.output(), made);
            }
        }
    }

    /** Goes through a bound graph, by its norms or, where they are not to be believed, without. */
    public static ChannelMeans of(Graph graph, Folding folding, Map<Node, AttentionPattern> attentions) {
        ChannelMeans means = new ChannelMeans(graph, folding, attentions, true);
        return means.missed < means.told ? means : new ChannelMeans(graph, folding, attentions, false);
    }

    /** The means of an image's channels; null where nothing is known of it. */
    public double[] of(Value image) {
        Moments known = moments.get(image);
        return known == null ? null : known.mean();
    }

    /** The means of an image that is stored less {@code centre}, which may be null for zeros; null where they are not known. */
    public float[] of(Value image, float[] centre) {
        double[] mean = of(image);
        float[] left = mean == null ? null : new float[mean.length];
        for (int c = 0; left != null && c < left.length; c++) {
            left[c] = (float) (mean[c] - (centre == null ? 0 : centre[c]));
        }
        return left;
    }

    private Moments make(Node node) {
        int channels = Math.toIntExact(node.output().size(1));
        if (node.op() instanceof Source.Input) {
            double[] one = new double[channels];
            Arrays.fill(one, 1);
            return new Moments(new double[channels], one);
        }
        if (attentions.containsKey(node)) {
            return attended(attentions.get(node), channels);
        }
        Moments x = node.inputs().isEmpty() ? null : moments.get(node.input(0));
        if (x == null) {
            return null;
        }
        return switch (node.op()) {
            case Convolution convolution -> convolved(node, convolution, x, channels);
            case Norm.BatchNorm norm -> normed(node, norm, x);
            case Norm.LayerNorm norm -> levelled(node, norm, x);
            case Elementwise.Unary unary -> x.through(unary.function());
            case Elementwise.Binary binary ->
                binary.arithmetic() == Elementwise.Arithmetic.ADD ? x.plus(moments.get(node.input(1))) : null;
            case Spatial.Resize ignored -> x;
            case Layout.Concat concat ->
                node.output().shape().axis(concat.axis()) == 1 ? joined(node.inputs(), channels) : null;
            default -> null;
        };
    }

    private Moments convolved(Node node, Convolution op, Moments x, int channels) {
        Tensor weight = folding.known(node.input(1));
        float[] bias = node.inputs().size() > 2 ? folding.vector(node.input(2)) : new float[channels];
        if (weight == null || bias == null) {
            return null;
        }
        return switch (op) {
            case Convolution.Conv2d conv -> {
                Window window = conv.window();
                double[] rows = covered(node, 2, window.strideY(), window.top(), window.dilationY());
                double[] columns = covered(node, 3, window.strideX(), window.left(), window.dilationX());
                int each = Math.toIntExact(weight.dim(1));
                int filters = channels / conv.groups();
                yield x.convolved(
                        weight.toFloats(),
                        bias,
                        outer(rows, columns),
                        each,
                        (f, c) -> f / filters * each + c,
                        (f, c) -> f * each + c);
            }
            case Convolution.ConvTranspose2d conv -> {
                // Each pixel of the result is under one tap of as many as the strides multiply to.
                double[] shares = new double[Math.toIntExact(weight.dim(2) * weight.dim(3))];
                Arrays.fill(
                        shares, 1.0 / (conv.window().strideY() * conv.window().strideX()));
                yield conv.groups() > 1
                        ? null
                        : x.convolved(
                                weight.toFloats(), bias, shares, x.channels(), (f, c) -> c, (f, c) -> c * channels + f);
            }
            default -> null;
        };
    }

    /** Of each tap along an axis, the share of the result's pixels for which it lies inside the image. */
    private static double[] covered(Node node, int axis, int stride, int pad, int dilation) {
        long length = node.input(0).size(axis);
        long results = node.output().size(axis);
        double[] shares = new double[Math.toIntExact(node.input(1).size(axis))];
        for (int tap = 0; tap < shares.length; tap++) {
            for (long i = 0; i < results; i++) {
                long at = i * stride - pad + (long) tap * dilation;
                shares[tap] += at >= 0 && at < length ? 1.0 / results : 0;
            }
        }
        return shares;
    }

    private static double[] outer(double[] rows, double[] columns) {
        double[] all = new double[rows.length * columns.length];
        Arrays.setAll(all, i -> rows[i / columns.length] * columns[i % columns.length]);
        return all;
    }

    private Moments normed(Node node, Norm.BatchNorm norm, Moments x) {
        Folding.Affine affine = folding.affine(node);
        if (affine == null) {
            return null;
        }
        float[] scale = folding.vector(node.input(1));
        float[] shift = folding.vector(node.input(2));
        float[] mean = folding.vector(node.input(3));
        float[] variance = folding.vector(node.input(4));
        Moments y = new Moments(x.channels());
        for (int c = 0; c < x.channels(); c++) {
            double unit = variance[c] + norm.epsilon();
            missed += (x.mean()[c] - mean[c]) * (x.mean()[c] - mean[c]) / unit;
            told += mean[c] * mean[c] / unit;
            double factor = affine.scale()[c];
            y.mean()[c] = believing ? shift[c] : x.mean()[c] * factor + affine.shift()[c];
            y.variance()[c] = believing ? scale[c] * scale[c] : x.variance()[c] * factor * factor;
        }
        return y;
    }

    /** A layer norm over channels: each pixel's statistics are taken for those of all pixels. */
    private Moments levelled(Node node, Norm.LayerNorm norm, Moments x) {
        boolean channels = node.output().shape().axis(norm.axis()) == 1;
        float[] scale = node.inputs().size() > 1 ? folding.vector(node.input(1)) : null;
        float[] shift = node.inputs().size() > 2 ? folding.vector(node.input(2)) : null;
        if (!channels
                || (node.inputs().size() > 1 && scale == null)
                || (node.inputs().size() > 2 && shift == null)) {
            return null;
        }
        return x.levelled(scale, shift, norm.epsilon());
    }

    private Moments joined(List<Value> parts, int channels) {
        Moments y = new Moments(channels);
        int at = 0;
        for (Value part : parts) {
            Moments x = moments.get(part);
            if (x == null) {
                return null;
            }
            for (int c = 0; c < x.channels(); c++) {
                y.take(at++, x, c);
            }
        }
        return y;
    }

    /** Attention gives means of values. */
    private Moments attended(AttentionPattern attention, int channels) {
        Moments y = new Moments(channels);
        int at = 0;
        int width = attention.width();
        for (Value source : attention.sources()) {
            Moments x = moments.get(source);
            if (x == null) {
                return null;
            }
            for (int c = 0; c < attention.heads() * width; c++) {
                y.take(at++, x, c / width * 3 * width + 2 * width + c % width);
            }
        }
        return y;
    }
}
