package sightline.kernels.cuda.pattern;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntBinaryOperator;
import sightline.kernels.graph.Elementwise;

/** Means and variances of an image's channels, which are taken for normal and independent, and what operations make of them. */
record Moments(double[] mean, double[] variance) {
    /** Half the width, in deviations, of the sum that stands for an integral over the normal density. */
    private static final double REACH = 4;

    private static final double STEP = 0.25;

    /** Of zeros. */
    Moments(int channels) {
        this(new double[channels], new double[channels]);
    }

    int channels() {
        return mean.length;
    }

    /** Copies a channel of another here. */
    void take(int channel, Moments from, int at) {
        mean[channel] = from.mean[at];
        variance[channel] = from.variance[at];
    }

    /**
     * Of a convolution's results.
     *
     * @param w taps of one filter and channel side by side
     * @param shares of the results to which each tap contributes
     * @param each channels that a filter reads
     * @param channel which one, of a filter and a count
     * @param place where its taps begin in {@code w}, counted in as many
     */
    Moments convolved(
            float[] w, float[] bias, double[] shares, int each, IntBinaryOperator channel, IntBinaryOperator place) {
        Moments y = new Moments(bias.length);
        for (int f = 0; f < bias.length; f++) {
            y.mean[f] = bias[f];
            for (int i = 0; i < each; i++) {
                int c = channel.applyAsInt(f, i);
                int at = place.applyAsInt(f, i) * shares.length;
                for (int t = 0; t < shares.length; t++) {
                    y.mean[f] += w[at + t] * shares[t] * mean[c];
                    y.variance[f] += w[at + t] * w[at + t] * shares[t] * variance[c];
                }
            }
        }
        return y;
    }

    /** Of a layer norm over channels, each pixel's statistics taken for those of all pixels; scale and shift may be null. */
    Moments levelled(float[] scale, float[] shift, double epsilon) {
        double level = Arrays.stream(mean).average().orElse(0);
        double spread = 0;
        for (int c = 0; c < channels(); c++) {
            spread += (variance[c] + (mean[c] - level) * (mean[c] - level)) / channels();
        }
        Moments y = new Moments(channels());
        for (int c = 0; c < channels(); c++) {
            double factor = (scale == null ? 1 : scale[c]) / Math.sqrt(spread + epsilon);
            y.mean[c] = (mean[c] - level) * factor + (shift == null ? 0 : shift[c]);
            y.variance[c] = variance[c] * factor * factor;
        }
        return y;
    }

    /** Of a sum; null where the other is unknown. */
    Moments plus(Moments other) {
        if (other == null || other.channels() != channels()) {
            return null;
        }
        Moments y = new Moments(channels());
        Arrays.setAll(y.mean, c -> mean[c] + other.mean[c]);
        Arrays.setAll(y.variance, c -> variance[c] + other.variance[c]);
        return y;
    }

    /** Of an activation; null of a function that is none. */
    Moments through(Elementwise.Function function) {
        DoubleUnaryOperator f = activation(function);
        if (f == null) {
            return null;
        }
        Moments y = new Moments(channels());
        for (int c = 0; c < channels(); c++) {
            double centre = mean[c];
            double deviation = Math.sqrt(variance[c]);
            double middle = expected(t -> f.applyAsDouble(centre + deviation * t));
            y.mean[c] = middle;
            y.variance[c] = expected(t -> Math.pow(f.applyAsDouble(centre + deviation * t) - middle, 2));
        }
        return y;
    }

    private static double expected(DoubleUnaryOperator f) {
        double sum = 0;
        double mass = 0;
        for (double t = -REACH; t <= REACH; t += STEP) {
            double density = Math.exp(-t * t / 2);
            sum += density * f.applyAsDouble(t);
            mass += density;
        }
        return sum / mass;
    }

    private static DoubleUnaryOperator activation(Elementwise.Function function) {
        return switch (function) {
            case RELU -> x -> Math.max(x, 0);
            case RELU6 -> x -> Math.clamp(x, 0, 6);
            case HARD_SIGMOID -> Moments::hardSigmoid;
            case HARD_SWISH -> x -> x * hardSigmoid(x);
            case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
            case SILU -> x -> x / (1 + Math.exp(-x));
            case GELU_TANH, GELU_ERF ->
                x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            default -> null;
        };
    }

    private static double hardSigmoid(double x) {
        return Math.clamp(x + 3, 0, 6) / 6;
    }
}
