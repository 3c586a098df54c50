package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.AdamW;
import sightline.kernels.train.Betas;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.TrainableNetwork;

/** Training steps of convolution networks, exact and mixed. The same tests on whatever device a subclass has. */
abstract class ConvolutionStepCases {
    private static final int STEPS = 12;
    private static final int LAST = 4;
    private static final int SIDE = 32;

    /** Computes as a storage says. */
    abstract CudaEngine engine(Storage storage);

    /** Inverted bottlenecks as EfficientViT has them: planes that eights, fours or single elements divide. */
    static Stream<ParityCase> bottlenecks() {
        return bottlenecks(GraphBuilder::silu);
    }

    static Stream<ParityCase> hardBottlenecks() {
        return bottlenecks(GraphBuilder::hardSwish);
    }

    private static Stream<ParityCase> bottlenecks(BiFunction<GraphBuilder, Value, Value> activation) {
        return Stream.of(
                bottleneck("planes of 24 x 24 and 12 x 12", activation, 3, 24, 24, 3),
                bottleneck("planes of 18 x 22 and 9 x 11", activation, 5, 18, 22, 5),
                bottleneck("planes of 30 x 26 and 15 x 13", activation, 2, 30, 26, 7));
    }

    private static ParityCase bottleneck(
            String name,
            BiFunction<GraphBuilder, Value, Value> activation,
            int pictures,
            int height,
            int width,
            int kernel) {
        GraphBuilder g = GraphBuilder.named(name);
        Value x = g.input("x", Shape.of(pictures, 32, height, width));
        Value inner = activation.apply(g, normed(g, "up", x, Conv.of(64, 1)));
        inner = activation.apply(g, normed(g, "deep", inner, Conv.depthwise(64, 3)));
        x = g.add(x, normed(g, "down", inner, Conv.of(32, 1)));
        // Without a norm, or the gradient of the one before would be nothing but rounding.
        inner = activation.apply(g, g.in("wide").conv2d(x, Conv.of(64, 1).biased()));
        Conv half = Conv.depthwise(64, kernel).stride(2).padding(kernel / 2);
        inner = activation.apply(g, normed(g, "half", inner, half));
        g.output("y", normed(g, "out", inner, Conv.of(48, 1)));
        return new ParityCase(name, TrainableNetwork.of(g.build()).joint());
    }

    private static Value normed(GraphBuilder g, String name, Value x, Conv conv) {
        return g.in(name, "norm").batchNorm(g.in(name).conv2d(x, conv), 1e-5);
    }

    /** Five layers each way, each of which rounds what it passes on. */
    @ParameterizedTest
    @MethodSource("bottlenecks")
    void mixedGradientsAreWithinAFewHundredths(ParityCase parity) {
        assertThat(parity.error(engine(Storage.MIXED))).isBetween(1e-4, 4e-2);
    }

    /** Hard swish has slopes that jump by a half at -3 and 3: what lies so near that rounding moves it across is all off. */
    @ParameterizedTest
    @MethodSource("hardBottlenecks")
    void whereSlopesJumpMixedGradientsAreNear(ParityCase parity) {
        assertThat(parity.error(engine(Storage.MIXED))).isBetween(1e-4, 0.25);
    }

    @ParameterizedTest
    @MethodSource("bottlenecks")
    void exactGradientsAreTheReferences(ParityCase parity) {
        assertThat(parity.error(engine(Storage.FLOAT32))).isLessThan(1e-4);
    }

    /**
     * One value of 100,000 lies within 5e-6 of a jump, where a product of two tf32 parts may put it on the other side; that alone
     * makes 5e-3.
     */
    @ParameterizedTest
    @MethodSource("hardBottlenecks")
    void whereSlopesJumpExactGradientsAreNear(ParityCase parity) {
        assertThat(parity.error(engine(Storage.FLOAT32))).isLessThan(1e-2);
    }

    /** What lies between layers moves half the bytes: no kernel of norms or depthwise convolutions asks for more. */
    @ParameterizedTest
    @MethodSource("bottlenecks")
    void whatLiesBetweenConvolutionsIsPassedOnInHalfTheBytes(ParityCase parity) {
        assertThat(NetworkProfile.planned(parity.graph(), Storage.MIXED).launches())
                .noneMatch(launch -> launch.kernel().equals("from_bfloat16"));
        for (String kind : List.of("batch_", "depthwise")) {
            assertThat(bytes(parity.graph(), Storage.MIXED, kind))
                    .isLessThan(0.66 * bytes(parity.graph(), Storage.FLOAT32, kind));
        }
    }

    private static double bytes(Graph graph, Storage storage, String kind) {
        return NetworkProfile.planned(graph, storage).launches().stream()
                .filter(launch -> launch.kernel().startsWith(kind))
                .mapToDouble(LaunchTime::bytes)
                .sum();
    }

    /** Images whose rows are aligned and not, wide enough that a row has more fours than a warp, of one to four channels. */
    static Stream<ParityCase> stems() {
        return Stream.of(
                stem("three channels to eight", 2, 3, 44, 104, 8),
                stem("one channel to sixteen", 3, 1, 37, 35, 16),
                stem("four channels to eight, rows of 258", 1, 4, 33, 258, 8),
                stem("three channels to 24, rows of 36", 2, 3, 40, 36, 24));
    }

    private static ParityCase stem(String name, int pictures, int channels, int height, int width, int filters) {
        GraphBuilder g = GraphBuilder.named(name);
        Value x = g.input("x", Shape.of(pictures, channels, height, width));
        g.output("y", g.silu(normed(g, "stem", x, Conv.of(filters, 3).stride(2))));
        return new ParityCase(name, TrainableNetwork.of(g.build()).joint());
    }

    @ParameterizedTest
    @MethodSource("stems")
    void aStemAndItsWeightsGradientAreTheReferences(ParityCase parity) {
        for (Storage storage : List.of(Storage.FLOAT32, Storage.MIXED)) {
            assertThat(NetworkProfile.planned(parity.graph(), storage).launches())
                    .anyMatch(launch -> launch.kernel().equals("stem32"))
                    .anyMatch(launch -> launch.kernel().equals("stem32_weight"))
                    .noneMatch(launch -> launch.kernel().equals("unfold32"));
        }
        assertThat(parity.error(engine(Storage.FLOAT32))).isLessThan(1e-5);
        assertThat(parity.error(engine(Storage.MIXED))).isLessThan(1e-2);
    }

    /** A small network learns to blur: with what it passes on rounded, its loss falls as it does in float32. */
    @Test
    void mixedStepsLearnAsExactOnesDo() {
        double[] exact = losses(Storage.FLOAT32);
        double[] mixed = losses(Storage.MIXED);
        double before = mean(exact, 0);
        double after = mean(exact, STEPS - LAST);
        assertThat(after).isLessThan(0.6 * before);
        assertThat(mixed).isNotEqualTo(exact);
        assertThat(mean(mixed, STEPS - LAST)).isBetween(0.9 * after, 1.1 * after);
    }

    private static double mean(double[] losses, int from) {
        return Arrays.stream(losses, from, from + LAST).average().orElseThrow();
    }

    private double[] losses(Storage storage) {
        GraphBuilder g = GraphBuilder.named("blur");
        Value x = g.input("x", Shape.of(2, 3, SIDE, SIDE));
        x = g.hardSwish(normed(g, "stem", x, Conv.of(32, 3).stride(2)));
        Value inner = g.hardSwish(normed(g, "deep", x, Conv.depthwise(32, 3)));
        x = g.add(x, normed(g, "down", inner, Conv.of(32, 1)));
        g.output("y", g.in("out").conv2d(x, Conv.of(1, 1).biased()));
        Graph graph = g.build();
        Parameters parameters = TrainableNetwork.parameters(graph, 11);
        AdamW optimizer = new AdamW(parameters, Betas.DEFAULT);
        RandomGenerator random = new SplittableRandom(3);
        double[] losses = new double[STEPS];
        try (NetworkGradient gradient = new NetworkGradient(engine(storage), TrainableNetwork.of(graph), 1)) {
            for (int step = 0; step < STEPS; step++) {
                Tensor image = gradient.input("x");
                for (long i = 0; i < image.size(); i++) {
                    image.set(i, random.nextGaussian());
                }
                losses[step] = difference(gradient.forward(parameters).get("y"), image, gradient.cotangent("y"));
                optimizer.step(gradient.backward(Map.of()).gradients(), 3e-2);
            }
        }
        return losses;
    }

    /** The mean square by which a map misses the mean of two by two pixels of all channels; also its gradient. */
    private static double difference(Tensor map, Tensor image, Tensor cotangent) {
        int half = SIDE / 2;
        double sum = 0;
        for (int i = 0; i < map.size(); i++) {
            int n = i / (half * half);
            int y = i / half % half * 2;
            int x = i % half * 2;
            double wanted = 0;
            for (int c = 0; c < 3; c++) {
                long at = ((n * 3L + c) * SIDE + y) * SIDE + x;
                wanted += image.get(at) + image.get(at + 1) + image.get(at + SIDE) + image.get(at + SIDE + 1);
            }
            double off = map.get(i) - wanted / 4;
            sum += off * off;
            cotangent.set(i, 2 * off / map.size());
        }
        return sum / map.size();
    }
}
