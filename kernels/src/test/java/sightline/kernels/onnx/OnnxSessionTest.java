package sightline.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.testing.Parity;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Safetensors;
import sightline.kernels.weights.SafetensorsWriter;
import sightline.kernels.weights.Weights;
import sightline.kernels.weights.WeightsException;

class OnnxSessionTest {
    @TempDir
    Path folder;

    private static Graph network(Dim batch) {
        GraphBuilder g = GraphBuilder.named("net");
        Value x = g.input("image", Shape.of(batch, Dim.of(3), Dim.of(16), Dim.of(16)));
        x = g.in("a", "norm")
                .batchNorm(g.in("a", "conv").conv2d(x, Conv.of(8, 3).stride(2)), 1e-5);
        x = g.in("b").conv2d(g.hardSwish(x), Conv.of(4, 1).biased());
        g.output("map", x);
        g.output("mean", g.globalAvgPool(x));
        return g.build();
    }

    private static Map<String, Tensor> tensors(Weights weights) {
        Map<String, Tensor> tensors = new HashMap<>();
        weights.names().forEach(name -> tensors.put(name, weights.find(name).orElseThrow()));
        return tensors;
    }

    @Test
    void outputsAreReusedBetweenRunsAndCallersMayBringTheirOwn() {
        Graph graph = network(Dim.of(1));
        Map<String, Tensor> in = Parity.inputs(graph, 1);
        try (Session session = new OnnxEngine().compile(graph, RandomWeights.of(graph, 1))) {
            Tensor first = session.run(in).get("map");
            float[] values = first.toFloats();
            Tensor mine = Tensor.allocate(DType.F32, 1, 4, 8, 8);
            session.run(in, Map.of("map", mine));
            assertThat(mine.toFloats()).containsExactly(values);
            assertThat(session.run(Parity.inputs(graph, 2)).get("map")).isSameAs(first);
            assertThat(first.toFloats()).isNotEqualTo(values);
        }
    }

    @Test
    void aNamedBatchIsCompiledInBuckets() {
        Graph graph = network(Dim.named("batch"));
        Weights weights = RandomWeights.of(graph, 1);
        for (long batch : new long[] {1, 3}) {
            CompileOptions options = CompileOptions.DEFAULT.withLengths(Map.of("batch", batch));
            try (Session session = new OnnxEngine().compile(graph, weights, options)) {
                Map<String, Tensor> out = session.run(Parity.inputs(session.graph(), 5));
                assertThat(out.get("mean").shape()).containsExactly(batch, 4, 1, 1);
            }
        }
        assertThatThrownBy(() -> new OnnxEngine().compile(graph, weights)).hasMessageContaining("named dimensions");
    }

    @Test
    void mappedHalfPrecisionWeightsAreWidened() {
        Graph graph = network(Dim.of(1));
        Map<String, Tensor> full = tensors(RandomWeights.of(graph, 3));
        Map<String, Tensor> half = new HashMap<>();
        full.forEach((name, t) -> half.put(name, name.endsWith("conv.weight") ? t.to(DType.F16, Arena.ofAuto()) : t));
        Path file = folder.resolve("half.safetensors");
        SafetensorsWriter.write(file, half, Map.of());
        Map<String, Tensor> in = Parity.inputs(graph, 1);
        try (Safetensors mapped = Safetensors.open(file);
                Session narrow = new OnnxEngine().compile(graph, mapped);
                Session wide = new OnnxEngine().compile(graph, Weights.of(full))) {
            assertThat(Parity.distance(narrow.run(in).get("map"), wide.run(in).get("map")))
                    .isBetween(1e-7, 1e-3);
        }
    }

    @Test
    void stateSurvivesBetweenRunsAndIsCleared() {
        GraphBuilder g = GraphBuilder.named("sum");
        Value sum = g.add(g.readState("sum", DType.F32, Shape.of(2)), g.input("x", Shape.of(2)));
        g.output("y", g.mul(g.writeState("sum", sum), 10));
        Tensor x = Tensor.of(new float[] {1, 2}, 2);
        try (Session session = new OnnxEngine().compile(g.build(), Weights.none())) {
            session.run(x);
            assertThat(session.run(x).toFloats()).containsExactly(20, 40);
            assertThat(session.state("sum").toFloats()).containsExactly(2, 4);
            session.resetState();
            assertThat(session.run(x).toFloats()).containsExactly(10, 20);
            assertThatThrownBy(() -> session.state("other")).isInstanceOf(EngineException.class);
        }
    }

    @Test
    void anInputMayBeAnOutputAndSoMayALiteral() {
        GraphBuilder g = GraphBuilder.named("through");
        Value x = g.input("x", Shape.of(2));
        g.output("same", x);
        g.output("twice", g.mul(x, 2));
        g.output("one", g.fill(1, DType.F32, Shape.of(3)));
        try (Session session = new OnnxEngine().compile(g.build(), Weights.none())) {
            Map<String, Tensor> out = session.run(Map.of("x", Tensor.of(new float[] {3, 4}, 2)));
            assertThat(out.get("same").toFloats()).containsExactly(3, 4);
            assertThat(out.get("twice").toFloats()).containsExactly(6, 8);
            assertThat(out.get("one").toFloats()).containsExactly(1, 1, 1);
        }
    }

    @Test
    void wrongTensorsAreRefusedByName() {
        Graph graph = network(Dim.of(1));
        try (Session session = new OnnxEngine().compile(graph, RandomWeights.of(graph, 1))) {
            assertThatThrownBy(() -> session.run(Map.of())).hasMessageContaining("image");
            Tensor wrong = Tensor.allocate(DType.F16, 1, 3, 16, 16);
            assertThatThrownBy(() -> session.run(Map.of("image", wrong))).hasMessageContaining("must be F32");
            assertThatThrownBy(() -> session.run(Parity.inputs(graph, 1), Map.of("nap", Tensor.allocate(DType.F32, 1))))
                    .hasMessageContaining("no output nap");
        }
    }

    @Test
    void notANumberInTheWeightsIsRefused() {
        Graph graph = network(Dim.of(1));
        Map<String, Tensor> tensors = tensors(RandomWeights.of(graph, 1));
        tensors.get("b.weight").set(0, Double.NaN);
        assertThatThrownBy(() -> new OnnxEngine().compile(graph, Weights.of(tensors)))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("not finite: b.weight");
    }

    @Test
    void aClosedSessionRefusesToRunAndClosesTwice() {
        Graph graph = network(Dim.of(1));
        Session session = new OnnxEngine().compile(graph, RandomWeights.of(graph, 1));
        session.close();
        session.close();
        assertThatThrownBy(() -> session.run(Parity.inputs(graph, 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void weightsThatWereClosedBeforeTheirSessionAreSaidAndNotRead() {
        Graph graph = network(Dim.of(1));
        SafetensorsWriter.write(folder.resolve("net.safetensors"), tensors(RandomWeights.of(graph, 1)), Map.of());
        Weights weights = Safetensors.open(folder.resolve("net.safetensors"));
        try (Session session = new OnnxEngine().compile(graph, weights)) {
            session.run(Parity.inputs(graph, 1));
            weights.close();
            assertThatThrownBy(() -> session.run(Parity.inputs(graph, 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("weights of net were closed before its session");
        }
    }

    @Test
    void anExportedFileGivesTheSameNumbersInABareRuntime() throws OrtException {
        Graph graph = network(Dim.of(1));
        Weights weights = RandomWeights.of(graph, 9);
        Path file = folder.resolve("net.onnx");
        OnnxExport.write(graph, weights, file);
        Tensor image = Parity.inputs(graph, 4).get("image");
        OrtEnvironment environment = RuntimeEnvironment.get();
        try (Session session = new OnnxEngine().compile(graph, weights);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession bare = environment.createSession(file.toString(), options);
                OnnxTensor in = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(image.toFloats()), new long[] {1, 3, 16, 16});
                OrtSession.Result result = bare.run(Map.of("image", in))) {
            float[] expected = session.run(Map.of("image", image)).get("map").toFloats();
            FloatBuffer map = ((OnnxTensor) result.get("map").orElseThrow()).getFloatBuffer();
            for (int i = 0; i < expected.length; i++) {
                assertThat(map.get(i)).isCloseTo(expected[i], within(1e-5f));
            }
        }
    }
}
