package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/**
 * Activations kept in eight bits: on the device bytes, and to the last bit what the operations they stand for make. The
 * same tests on whatever device a subclass has.
 */
abstract class EightBitsCases {
    /** Computes in float32. */
    abstract CudaEngine engine();

    /** As {@link Fp8Activations} writes it, around an operation that every engine computes exactly. */
    private static Graph kept(int rows, int group) {
        GraphBuilder g = GraphBuilder.named("kept");
        Value x = g.reshape(g.neg(g.input("x", Shape.of(rows * (long) group))), rows, group);
        Value largest = g.reduce(Reduction.Kind.MAX, g.abs(x), true, 1);
        Value scale = g.mul(g.add(largest, g.scalar(1e-10, DType.F32)), g.scalar(1 / 448.0, DType.F32));
        Value codes = g.cast(g.div(x, scale), DType.F8E4M3);
        Value stored = g.cast(scale, DType.BF16);
        g.output("y", g.mul(g.cast(codes, DType.F32), g.cast(stored, DType.F32)));
        return g.build();
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "1, 1025", "1, 70003", "1, 16", "7, 16", "300, 16"})
    void whatComesBackIsWhatTheReferenceSays(int rows, int group) {
        Graph graph = kept(rows, group);
        Tensor x = Tensor.allocate(DType.F32, rows * (long) group);
        var random = new SplittableRandom(rows + group);
        for (int i = 0; i < x.size(); i++) {
            // Some zeros, and magnitudes from far below to far above what one scale spans.
            x.set(i, i % 11 == 0 ? 0 : random.nextGaussian() * Math.exp(random.nextDouble(-14, 6)));
        }
        try (Session exact = new ReferenceEngine().compile(graph, Weights.none());
                CudaSession device = engine().compile(graph, Weights.none())) {
            float[] wanted = exact.run(Map.of("x", x)).get("y").toFloats();
            assertThat(device.run(Map.of("x", x)).get("y").toFloats()).containsExactly(wanted);
            assertThat(device.launchCount())
                    .as("one to negate, the rest of ours")
                    .isLessThanOrEqualTo(4);
        }
    }

    @Test
    void notANumberStaysOne() {
        Tensor x = Tensor.allocate(DType.F32, 32);
        x.set(5, Double.NaN);
        try (CudaSession device = engine().compile(kept(2, 16), Weights.none())) {
            float[] y = device.run(Map.of("x", x)).get("y").toFloats();
            assertThat(y[5]).isNaN();
            assertThat(y[17]).isZero();
        }
    }

    @Test
    void aStepHoldsLessMemoryAndFindsTheReferencesGradients() {
        GraphBuilder g = GraphBuilder.named("chain");
        Value y = g.input("x", Shape.of(2, 8, 24, 24));
        for (int layer = 0; layer < 12; layer++) {
            y = g.silu(g.in("layer" + layer).conv2d(y, Conv.of(8, 1)));
        }
        g.output("y", y);
        Graph joint = Gradients.of(g.build(), List.of("y"));
        Graph eight = Fp8Activations.of(joint);
        Weights weights = RandomWeights.of(joint, 5);
        CudaEngine engine = engine();
        ParityCase parity = new ParityCase("chain", eight);
        Map<String, Tensor> inputs = parity.inputs(1);
        try (CudaSession exact = engine.compile(joint, weights, CompileOptions.DEFAULT);
                CudaSession kept = engine.compile(eight, weights, CompileOptions.DEFAULT);
                Session reference = new ReferenceEngine().compile(eight, weights)) {
            assertThat(kept.deviceBytes()).isLessThan(exact.deviceBytes() / 2);
            Map<String, Tensor> wanted = reference.run(inputs);
            kept.run(inputs).forEach((name, tensor) -> assertThat(
                            distance(tensor.toFloats(), wanted.get(name).toFloats()))
                    .as(name)
                    .isLessThan(1e-3));
        }
    }

    static Stream<ParityCase> training() {
        return Stream.of(Fp8Activations.Extent.values()).flatMap(extent -> HalfCases.training()
                .map(c -> new ParityCase(
                        extent + " in eight bits for " + c.name(), Fp8Activations.of(c.graph(), extent))));
    }

    /** Every seventh: all of them keep an emulated device busy for a minute and a half. */
    static Stream<ParityCase> someTraining() {
        List<ParityCase> all = training().toList();
        return IntStream.range(0, all.size()).filter(i -> i % 7 == 0).mapToObj(all::get);
    }

    @ParameterizedTest
    @MethodSource("someTraining")
    void aTrainingStepOfSomeBlocksHasTheReferencesGradients(ParityCase parity) {
        assertThat(parity.error(engine())).isLessThan(5e-3);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("training")
    void aTrainingStepOfEveryBlockHasTheReferencesGradients(ParityCase parity) {
        assertThat(parity.error(engine())).isLessThan(5e-3);
    }

    /** Relative; sums in another order round a value to the next code now and then. */
    static double distance(float[] got, float[] wanted) {
        double square = 0;
        double norm = 0;
        for (int i = 0; i < wanted.length; i++) {
            square += Math.pow(got[i] - (double) wanted[i], 2);
            norm += Math.pow(wanted[i], 2);
        }
        return Math.sqrt(square / norm);
    }
}
