package sightline.kernels.lowering;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Value;

/** Norms written with reductions. */
final class Norms {
    private Norms() {}

    static List<Value> training(Norm.BatchNorm norm, List<Value> in, GraphBuilder g) {
        Value x = in.getFirst();
        int[] axes = IntStream.range(0, x.shape().rank()).filter(a -> a != 1).toArray();
        long channels = x.size(1);
        double count = (double) x.shape().elements() / channels;
        Value mean = g.mean(x, axes);
        Value centred = g.sub(x, mean);
        Value variance = g.mean(g.square(centred), axes);
        Value scale = g.div(column(in.get(1), 1, x, g), g.sqrt(g.add(variance, norm.epsilon())));
        Value y = g.add(g.mul(centred, scale), column(in.get(2), 1, x, g));
        Value flatMean = g.reshape(mean, channels);
        Value flatVariance = g.reshape(variance, channels);
        Value unbiased = g.mul(flatVariance, count / Math.max(count - 1, 1));
        return List.of(
                y,
                flatMean,
                flatVariance,
                follow(in.get(3), flatMean, norm.momentum(), g),
                follow(in.get(4), unbiased, norm.momentum(), g));
    }

    /** As one product and one sum of x and dy with factors a channel. */
    static List<Value> adjoint(Adjoint.BatchNormInput op, List<Value> in, GraphBuilder g) {
        Value x = in.get(0);
        Value dy = in.get(1);
        Value mean = in.get(3);
        Value inverse = g.reciprocal(g.sqrt(g.add(in.get(4), op.epsilon())));
        Value s = g.reshape(channelSum(g, dy), mean.shape());
        Value products = g.reshape(channelSum(g, g.mul(dy, x)), mean.shape());
        Value t = g.mul(inverse, g.sub(products, g.mul(mean, s)));
        Value gain = g.mul(in.get(2), inverse);
        double count = (double) x.shape().elements() / mean.shape().elements();
        Value slope = g.mul(g.mul(gain, g.mul(inverse, t)), -1 / count);
        Value offset = g.sub(g.mul(g.mul(gain, s), -1 / count), g.mul(slope, mean));
        Value correction = g.add(g.mul(x, column(slope, 1, x, g)), column(offset, 1, x, g));
        return List.of(g.add(g.mul(dy, column(gain, 1, x, g)), correction), t, s);
    }

    /** Sums what lies contiguous first: many short sums keep an engine busier than a few long ones. */
    private static Value channelSum(GraphBuilder g, Value x) {
        int[] inner = IntStream.range(2, x.shape().rank()).toArray();
        return g.sum(inner.length == 0 ? x : g.sum(x, inner), 0);
    }

    private static Value follow(Value running, Value batch, double momentum, GraphBuilder g) {
        return g.add(running, g.mul(g.sub(batch, running), momentum));
    }

    /** Nothing where the engine's own layer norm serves: the last axis, with scale and bias. */
    static Optional<Value> layer(Norm.LayerNorm norm, List<Value> in, GraphBuilder g) {
        Value x = in.getFirst();
        int axis = x.shape().axis(norm.axis());
        if (axis == x.shape().rank() - 1 && in.size() == 3) {
            return Optional.empty();
        }
        return Optional.of(affine(centred(x, norm.epsilon(), g, axis), axis, in, g));
    }

    static Value rms(Norm.RmsNorm norm, List<Value> in, GraphBuilder g) {
        Value x = in.getFirst();
        int axis = x.shape().axis(norm.axis());
        Value size = g.sqrt(g.add(g.mean(g.square(x), axis), norm.epsilon()));
        return affine(g.div(x, size), axis, in, g);
    }

    static Value group(Norm.GroupNorm norm, List<Value> in, GraphBuilder g) {
        Value x = in.getFirst();
        Value rows = g.reshape(x, x.size(0) * norm.groups(), -1);
        return affine(g.reshape(centred(rows, norm.epsilon(), g, 1), x.shape()), 1, in, g);
    }

    private static Value centred(Value x, double epsilon, GraphBuilder g, int axis) {
        Value d = g.sub(x, g.mean(x, axis));
        return g.div(d, g.sqrt(g.add(g.mean(g.square(d), axis), epsilon)));
    }

    private static Value affine(Value y, int axis, List<Value> in, GraphBuilder g) {
        Value scaled = in.size() > 1 ? g.mul(y, column(in.get(1), axis, y, g)) : y;
        return in.size() > 2 ? g.add(scaled, column(in.get(2), axis, y, g)) : scaled;
    }

    /** A vector shaped so that it broadcasts along one axis of x. */
    private static Value column(Value vector, int axis, Value x, GraphBuilder g) {
        long[] shape = new long[x.shape().rank() - axis];
        Arrays.fill(shape, 1);
        shape[0] = vector.size(0);
        return g.reshape(vector, shape);
    }
}
