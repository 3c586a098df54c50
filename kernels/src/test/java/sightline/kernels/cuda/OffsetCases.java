package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * Networks whose channels lie far from zero and hardly vary, as trained ones have: what follows takes the offset off again, and
 * what float16 lost of the rest shows.
 */
final class OffsetCases {
    private static final int CHANNELS = 32;
    private static final double OFFSET = 40;

    private final SplittableRandom random = new SplittableRandom(3);

    private OffsetCases() {}

    static Stream<ParityCase> all() {
        List<ParityCase> cases = new ArrayList<>();
        cases.add(ParityCase.of("an offset before 1x1", g -> new OffsetCases().point(g)));
        cases.add(ParityCase.of("an offset before depthwise", g -> new OffsetCases().depthwise(g)));
        cases.add(ParityCase.of("an offset in a stream", g -> new OffsetCases().stream(g)));
        cases.add(ParityCase.of("an offset that is resized", g -> new OffsetCases().resized(g)));
        cases.add(ParityCase.of("an offset that has to be put back", g -> new OffsetCases().early(g)));
        cases.add(ParityCase.of("an offset after an activation", g -> new OffsetCases().active(g)));
        return cases.stream();
    }

    /** Filters with a bias that takes an input at {@code from} to {@code to}. */
    private Value conv(GraphBuilder g, Value x, int filters, int k, int groups, double from, double to) {
        int channels = Math.toIntExact(x.size(1)) / groups;
        Tensor weight = Tensor.allocate(DType.F32, filters, channels, k, k);
        Tensor bias = Tensor.allocate(DType.F32, filters);
        int each = channels * k * k;
        for (int f = 0; f < filters; f++) {
            double sum = 0;
            for (int i = 0; i < each; i++) {
                weight.set((long) f * each + i, random.nextGaussian() / Math.sqrt(each));
                sum += weight.get((long) f * each + i);
            }
            bias.set(f, to - sum * from + 0.1 * random.nextGaussian());
        }
        Convolution op = new Convolution.Conv2d(Window.of(1, k / 2), groups);
        return g.single(op, x, g.constant(weight), g.constant(bias));
    }

    private Value input(GraphBuilder g) {
        return g.input("x", Shape.of(2, 16, 22, 19));
    }

    private Value shifted(GraphBuilder g) {
        return conv(g, input(g), CHANNELS, 1, 1, 0, OFFSET);
    }

    private void point(GraphBuilder g) {
        Value x = shifted(g);
        g.output("y", g.unary(Function.HARD_SWISH, conv(g, x, 48, 1, 1, OFFSET, 0)));
    }

    /** Read by both kinds; near the border the sums see the offset, as zeros are outside, and the activation cuts it off. */
    private void depthwise(GraphBuilder g) {
        Value x = shifted(g);
        for (int k : new int[] {3, 5, 7}) {
            Value y = g.unary(Function.RELU6, conv(g, x, CHANNELS, k, CHANNELS, OFFSET, 0));
            g.output("depthwise " + k, conv(g, y, CHANNELS, 1, 1, 0, 0));
        }
        g.output("point", g.unary(Function.RELU6, conv(g, x, CHANNELS, 1, 1, OFFSET, 0)));
    }

    private void stream(GraphBuilder g) {
        Value x = shifted(g);
        for (int i = 0; i < 3; i++) {
            Value y = g.unary(Function.GELU_TANH, conv(g, x, 64, 1, 1, OFFSET, 0));
            x = g.add(x, conv(g, y, CHANNELS, 1, 1, 0, 0));
        }
        // What is added after an activation comes whole.
        Value late = g.add(x, g.relu(conv(g, x, CHANNELS, 1, 1, OFFSET, 0)));
        g.output("late", conv(g, late, CHANNELS, 1, 1, OFFSET, 0));
        g.output("cut", g.relu(g.add(x, conv(g, x, CHANNELS, 1, 1, OFFSET, -OFFSET))));
    }

    private void resized(GraphBuilder g) {
        Value x = shifted(g);
        Value larger = g.upsample(x, Mode.BILINEAR, 2);
        Value sum = g.add(larger, g.upsample(conv(g, x, CHANNELS, 1, 1, OFFSET, OFFSET), Mode.BICUBIC, 2));
        g.output("y", g.unary(Function.HARD_SWISH, conv(g, sum, CHANNELS, 1, 1, 2 * OFFSET, 0)));
    }

    /** A 1x1 comes early, together with the 3x3 before it, so that not it but the resize after it adds; and a 3x3 reads the sum. */
    private void early(GraphBuilder g) {
        Value wide = g.unary(Function.RELU, conv(g, input(g), 64, 3, 1, 0, 0));
        Value small = conv(g, g.input("z", Shape.of(2, 16, 11, 19)), CHANNELS, 1, 1, 0, 1);
        Value large = g.resize(small, Mode.NEAREST, 22, 19);
        Value sum = g.add(conv(g, wide, CHANNELS, 1, 1, 0, 1), large);
        g.output("y", conv(g, sum, CHANNELS, 3, 1, 2, 0));
    }

    private void active(GraphBuilder g) {
        Value x = conv(g, input(g), CHANNELS, 1, 1, 0, 0);
        Value y = g.unary(Function.HARD_SWISH, conv(g, x, CHANNELS, 3, CHANNELS, 0, OFFSET));
        g.output("y", g.unary(Function.HARD_SWISH, conv(g, y, 48, 1, 1, OFFSET, 0)));
    }
}
