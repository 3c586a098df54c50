package sightline.kernels.grad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;

class Fp8ActivationsTest {
    @Test
    void whatIsKeptTakesLessThanThreeFifthsOfBfloat16() {
        Graph joint = Gradients.of(network(), List.of("y"));
        long exact = TwoPhase.of(joint).savedBytes();
        long kept = TwoPhase.of(Fp8Activations.of(joint)).savedBytes();
        assertThat((double) kept / (exact / 2)).isLessThanOrEqualTo(0.57);
    }

    /** Of three convolutions and two activations the input and two results stay, not what the activations made of them. */
    @Test
    void whatCanBeMadeAgainIsNotKeptInTheLeastExtent() {
        Graph joint = Gradients.of(network(), List.of("y"));
        long all = TwoPhase.of(Fp8Activations.of(joint)).savedBytes();
        long least = TwoPhase.of(Fp8Activations.of(joint, Fp8Activations.Extent.LEAST))
                .savedBytes();
        assertThat(least).isLessThan(all * 7 / 10);
    }

    /** The norm's gradient reads the norm's input again, and so does what the norm's output is multiplied with. */
    @Test
    void aNormIsMadeAgainFromItsInput() {
        GraphBuilder g = GraphBuilder.named("norm");
        Value x = g.in("a").linear(g.input("x", Shape.of(4, 512, 64)), 64, true);
        Value scaled = g.mul(g.single(new Norm.LayerNorm(-1, 1e-6), x), g.parameter("scale", 64));
        g.output("y", g.in("b").linear(scaled, 64, true));
        Graph joint = Gradients.of(g.build(), List.of("y"));
        long elements = 4 * 512 * 64;
        long least = TwoPhase.of(Fp8Activations.of(joint, Fp8Activations.Extent.LEAST))
                .savedBytes();
        assertThat(least).isLessThan(elements * 5 / 4);
    }

    @ParameterizedTest
    @EnumSource(Fp8Activations.Extent.class)
    void gradientsStayCloseToTheExactOnes(Fp8Activations.Extent extent) {
        Graph joint = Gradients.of(network(), List.of("y"));
        Map<String, Tensor> exact = run(joint);
        Map<String, Tensor> rounded = run(Fp8Activations.of(joint, extent));
        assertThat(rounded.get("y").toFloats()).containsExactly(exact.get("y").toFloats());
        exact.forEach((name, tensor) -> {
            double error = 0;
            double norm = 0;
            float[] wanted = tensor.toFloats();
            float[] got = rounded.get(name).toFloats();
            for (int i = 0; i < wanted.length; i++) {
                error += Math.pow(wanted[i] - got[i], 2);
                norm += Math.pow(wanted[i], 2);
            }
            assertThat(Math.sqrt(error / norm)).as(name).isLessThan(0.08);
        });
    }

    /** Sums by which attention divides are small where nothing is attended to: in eight bits some would be zero. */
    @Test
    void divisorsAreKeptExactly() {
        GraphBuilder g = GraphBuilder.named("attention");
        Value x = g.in("a").conv2d(g.input("x", Shape.of(2, 8, 32, 32)), Conv.of(16, 3));
        Value sums = g.add(g.square(g.square(g.square(g.relu(g.in("b").conv2d(x, Conv.of(1, 1)))))), 1e-12);
        g.output("y", g.div(x, sums));
        Map<String, Tensor> rounded = run(Fp8Activations.of(Gradients.of(g.build(), List.of("y"))));
        rounded.forEach((name, tensor) -> {
            for (float value : tensor.toFloats()) {
                assertThat(value).as(name).isFinite();
            }
        });
    }

    private static Map<String, Tensor> run(Graph graph) {
        Map<String, Tensor> inputs = new HashMap<>();
        var random = new SplittableRandom(3);
        graph.inputs().forEach((name, value) -> {
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, random.nextGaussian());
            }
            inputs.put(name, tensor);
        });
        try (var session =
                new ReferenceEngine().compile(graph, RandomWeights.of(graph, 7), CompileOptions.DEFAULT.lenient())) {
            return session.run(inputs);
        }
    }

    private static Graph network() {
        GraphBuilder g = GraphBuilder.named("toy");
        Value x = g.input("x", Shape.of(2, 8, 64, 64));
        Value y = g.silu(g.in("a").conv2d(x, Conv.of(16, 3)));
        y = g.silu(g.in("b").conv2d(y, Conv.of(16, 1)));
        g.output("y", g.in("c").conv2d(y, Conv.of(8, 1)));
        return g.build();
    }
}
