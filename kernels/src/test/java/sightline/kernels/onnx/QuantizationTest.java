package sightline.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.Quantization.Range;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.testing.Parity;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

class QuantizationTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void eightBitsStayWithinTwoPercentOnCalibratedInput(int groups) {
        GraphBuilder g = GraphBuilder.named("convolutions");
        Value x = g.input("x", Shape.of(1, 16, 24, 20));
        x = g.relu6(
                g.in("a", "norm").batchNorm(g.in("a").conv2d(x, Conv.of(16, 3).groups(groups)), 1e-5));
        x = g.in("b", "norm").batchNorm(g.in("b").conv2d(x, Conv.of(24, 1)), 1e-5);
        g.output("y", g.hardSwish(x));
        Graph graph = g.build();
        Weights weights = RandomWeights.of(graph, 1);
        Map<String, Tensor> in = Parity.inputs(graph, 1);
        OnnxEngine narrow = OnnxEngine.int8(List.of(in));
        assertThat(narrow.name()).isEqualTo("onnx-int8");
        try (Session full = new OnnxEngine().compile(graph, weights);
                Session eight = narrow.compile(graph, weights)) {
            // Above zero: had nothing been narrowed, both would agree to the last digits.
            assertThat(Parity.distance(eight.run(in).get("y"), full.run(in).get("y")))
                    .isBetween(1e-3, 0.02);
        }
    }

    @Test
    void zeroIsAlwaysExact() {
        Range range = new Range(-1, 3);
        double widened = (Math.round(0 / range.scale() + range.zero()) - range.zero()) * range.scale();
        assertThat(widened).isZero();
        assertThat((255 - range.zero()) * range.scale()).isCloseTo(3, within(range.scale()));
    }

    @Test
    void withoutSamplesThereAreNoRanges() {
        assertThatThrownBy(() -> OnnxEngine.int8(List.of())).hasMessageContaining("samples");
    }
}
