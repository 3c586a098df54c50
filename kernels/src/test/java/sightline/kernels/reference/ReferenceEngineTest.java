package sightline.kernels.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.kernels.weights.WeightsException;

/** Operations against values worked out by hand. */
class ReferenceEngineTest {
    private static float[] run(Tensor x, BiFunction<GraphBuilder, Value, Value> network) {
        GraphBuilder g = GraphBuilder.named("case");
        g.output("y", network.apply(g, g.input("x", x.dtype(), Shape.of(x.shape()))));
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none())) {
            return session.run(x).toFloats();
        }
    }

    private static Tensor row(double... values) {
        return Tensor.of(values, values.length).to(DType.F32, Arena.ofAuto());
    }

    private static Tensor image(int h, int w, double... values) {
        return row(values).reshaped(1, 1, h, w);
    }

    @Test
    void aConvolutionSlidesWithoutFlippingItsKernel() {
        Tensor kernel = image(2, 2, 1, 2, 3, 4);
        float[] y = run(image(2, 3, 1, 2, 3, 4, 5, 6), (g, x) -> g.conv2d(x, g.constant(kernel), Window.of(1, 0), 1));
        assertThat(y).containsExactly(1 + 4 + 12 + 20, 2 + 6 + 15 + 24);
    }

    @Test
    void paddingAndStrideAreSymmetric() {
        Tensor kernel = image(3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        float[] y = run(
                image(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9), (g, x) -> g.conv2d(x, g.constant(kernel), Window.of(2, 1), 1));
        assertThat(y).containsExactly(12, 16, 24, 28);
    }

    @Test
    void roundingGoesToTheEvenNeighbour() {
        assertThat(run(row(0.5, 1.5, 2.5, -0.5, -1.5, 2.4), GraphBuilder::round))
                .containsExactly(0, 2, 2, -0f, -2, 2);
    }

    @Test
    void theTwoGelusDiffer() {
        assertThat(run(row(1), GraphBuilder::geluErf)[0]).isCloseTo(0.8413447f, within(1e-6f));
        assertThat(run(row(1), GraphBuilder::geluTanh)[0]).isCloseTo(0.8411920f, within(1e-6f));
    }

    @Test
    void aMaskedRowWithoutAnyTrueIsZero() {
        GraphBuilder g = GraphBuilder.named("masked");
        Value x = g.input("x", Shape.of(2, 2));
        Value mask = g.input("mask", DType.BOOL, Shape.of(2, 2));
        g.output("y", g.softmax(x, mask, 1));
        Tensor bools = Tensor.allocate(DType.BOOL, 2, 2);
        bools.setLong(0, 1);
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none())) {
            Map<String, Tensor> out = session.run(Map.of("x", row(5, 9, 1, 2).reshaped(2, 2), "mask", bools));
            assertThat(out.get("y").toFloats()).containsExactly(1, 0, 0, 0);
        }
    }

    @Test
    void pixelShuffleFollowsTheChannelOrderOfItsDefinition() {
        Tensor x = row(0, 1, 2, 3).reshaped(1, 4, 1, 1);
        assertThat(run(x, (g, v) -> g.pixelShuffle(v, 2))).containsExactly(0, 1, 2, 3);
        Tensor y = row(0, 1, 2, 3, 4, 5, 6, 7).reshaped(1, 1, 2, 4);
        assertThat(run(y, (g, v) -> g.pixelUnshuffle(v, 2))).containsExactly(0, 2, 1, 3, 4, 6, 5, 7);
    }

    @Test
    void bilinearHalfPixelUpsamplingOfTwoPixels() {
        assertThat(run(image(1, 2, 0, 4), (g, x) -> g.resize(x, Mode.BILINEAR, 1, 4)))
                .containsExactly(0, 1, 3, 4);
    }

    @Test
    void bicubicWeightsAreThoseOfMinusThreeQuarters() {
        // At a quarter pixel the taps are -27, 225, 67, -9 over 256, so a straight line bends to 76/256.
        float[] y = run(image(1, 8, 0, 1, 2, 3, 4, 5, 6, 7), (g, x) -> g.resize(x, Mode.BICUBIC, 1, 16));
        assertThat(y[5]).isEqualTo(2 + 76 / 256f);
        assertThat(y[6]).isEqualTo(2 + 180 / 256f);
    }

    @Test
    void areaIsTheMeanOfTheCellsItTouches() {
        assertThat(run(image(1, 5, 1, 2, 3, 4, 5), (g, x) -> g.resize(x, Mode.AREA, 1, 2)))
                .containsExactly(2, 4);
    }

    @Test
    void equalElementsRankByIndex() {
        float[] indices = run(row(3, 7, 7, 1), (g, x) -> g.topK(x, 0, 3).get(1));
        assertThat(indices).containsExactly(1, 2, 0);
        assertThat(run(row(3, 7, 7, 1), (g, x) -> g.argMax(x, 0))).containsExactly(1);
    }

    @Test
    void repeatInterleaveRepeatsEachElementInARow() {
        assertThat(run(row(1, 2), (g, x) -> g.repeatInterleave(x, 0, 3))).containsExactly(1, 1, 1, 2, 2, 2);
    }

    @Test
    void stateIsReadAsItStoodBeforeTheRun() {
        GraphBuilder g = GraphBuilder.named("counter");
        Value x = g.input("x", Shape.of(1));
        Value before = g.readState("sum", DType.F32, Shape.of(1));
        g.writeState("sum", g.add(before, x));
        g.output("before", before);
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none())) {
            assertThat(session.run(row(2)).toFloats()).containsExactly(0);
            assertThat(session.run(row(3)).toFloats()).containsExactly(2);
            assertThat(session.state("sum").toFloats()).containsExactly(5);
        }
    }

    @Test
    void aTransposedConvolutionSpreadsEachPixelOverItsKernel() {
        Tensor kernel = image(2, 2, 1, 2, 3, 4);
        float[] y = run(
                image(1, 2, 10, 100),
                (g, x) -> g.single(new Convolution.ConvTranspose2d(Window.of(1, 0), 0, 0, 1), x, g.constant(kernel)));
        assertThat(y).containsExactly(10, 120, 200, 30, 340, 400);
    }

    @Test
    void batchNormInTrainingFollowsTheBatch() {
        GraphBuilder g = GraphBuilder.named("training");
        Value x = g.input("x", Shape.of(2, 1, 1, 2));
        Value one = g.fill(1, DType.F32, Shape.of(1));
        Value zero = g.fill(0, DType.F32, Shape.of(1));
        Value y = g.single(new Norm.BatchNorm(0, 0.1, true), x, one, zero, zero, one);
        y.node().outputs().forEach(value -> g.output("out" + value.index(), value));
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none())) {
            Map<String, Tensor> out = session.run(Map.of("x", row(1, 1, 5, 5).reshaped(2, 1, 1, 2)));
            assertThat(out.get("out0").toFloats()).containsExactly(-1, -1, 1, 1);
            assertThat(out.get("out1").toFloats()).containsExactly(3);
            assertThat(out.get("out2").toFloats()).containsExactly(4);
            assertThat(out.get("out3").toFloats()[0]).isCloseTo(0.3f, within(1e-6f));
            // The running variance follows the unbiased estimate, 16/3.
            assertThat(out.get("out4").toFloats()[0]).isCloseTo(0.9f + 0.1f * 16 / 3, within(1e-6f));
        }
    }

    @Test
    void rmsNormDoesNotCentre() {
        float[] y = run(row(3, 4).reshaped(1, 2), (g, x) -> g.single(new Norm.RmsNorm(-1, 0), x));
        assertThat(y[0]).isCloseTo((float) (3 / Math.sqrt(12.5)), within(1e-6f));
        float[] z = run(row(3, 5).reshaped(1, 2), (g, x) -> g.single(new Norm.LayerNorm(-1, 0), x));
        assertThat(z).containsExactly(-1, 1);
    }

    @Test
    void everyFaultOfTheWeightsIsNamedAtOnce() {
        GraphBuilder g = GraphBuilder.named("net");
        Value x = g.input("x", Shape.of(1, 3, 8, 8));
        g.output("y", g.in("a").conv2d(g.in("b").conv2d(x, Conv.of(4, 1).biased()), Conv.of(4, 3)));
        Graph graph = g.build();
        Map<String, Tensor> tensors = new HashMap<>();
        Weights whole = RandomWeights.of(graph, 1);
        whole.names().forEach(name -> tensors.put(name, whole.find(name).orElseThrow()));
        tensors.remove("a.weight");
        tensors.put("b.weight", Tensor.allocate(DType.F32, 4, 3, 3, 3));
        tensors.put("b.bias", row(1, 2, Double.NaN, 4));
        tensors.put("c.weight", row(1));
        assertThatThrownBy(() -> new ReferenceEngine().compile(graph, Weights.of(tensors)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("missing: a.weight")
                .hasMessageContaining("misshapen: b.weight")
                .hasMessageContaining("not finite: b.bias")
                .hasMessageContaining("superfluous: c.weight");
    }

    @Test
    void aWrongInputIsRefusedByName() {
        GraphBuilder g = GraphBuilder.named("net");
        g.output("y", g.relu(g.input("x", Shape.of(3))));
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none())) {
            assertThatThrownBy(() -> session.run(Map.of())).hasMessageContaining("Input x F32 [3] is missing");
            assertThatThrownBy(() -> session.run(row(1, 2))).hasMessageContaining("must be F32 [3]");
            assertThatThrownBy(() -> session.run(Map.of("x", row(1, 2, 3), "z", row(1))))
                    .hasMessageContaining("no input z");
        }
    }

    @Test
    void float64KeepsWhatFloat32Loses() {
        GraphBuilder g = GraphBuilder.named("precise");
        g.output("y", g.add(g.input("x", Shape.of(1)), 1e-12));
        CompileOptions f64 = CompileOptions.DEFAULT.withPrecision(DType.F64);
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none(), f64)) {
            Tensor y = session.run(Tensor.of(new double[] {1}, 1));
            assertThat(y.dtype()).isEqualTo(DType.F64);
            assertThat(y.get(0) - 1).isCloseTo(1e-12, within(1e-15));
        }
    }

    @Test
    void theTransposedConvolutionIsTheAdjoint() {
        Tensor kernel = Seeded.tensor(1, 4, 3, 3, 2);
        Tensor a = Seeded.tensor(2, 1, 6, 7, 7);
        GraphBuilder g = GraphBuilder.named("adjoint");
        Value x = g.input("a", Shape.of(1, 6, 7, 7));
        Window window = Window.of(2, 1);
        Value y = g.conv2d(x, g.constant(kernel), window, 2);
        Tensor b = Seeded.tensor(3, y.shape().toArray());
        Value back = g.single(new Convolution.ConvTranspose2d(window, 0, 1, 2), g.constant(b), g.constant(kernel));
        g.output("forward", g.reduce(Reduction.Kind.SUM, g.mul(y, g.constant(b)), false, 0, 1, 2, 3));
        g.output("backward", g.reduce(Reduction.Kind.SUM, g.mul(x, back), false, 0, 1, 2, 3));
        CompileOptions f64 = CompileOptions.DEFAULT.withPrecision(DType.F64);
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none(), f64)) {
            Map<String, Tensor> out = session.run(Map.of("a", a));
            assertThat(out.get("forward").get(0)).isCloseTo(out.get("backward").get(0), within(1e-9));
            assertThat(List.of(out.get("forward").size())).containsExactly(1L);
        }
    }
}
