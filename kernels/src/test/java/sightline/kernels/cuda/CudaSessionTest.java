package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** What a session promises beyond right numbers. */
class CudaSessionTest {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    private static Graph sum() {
        GraphBuilder g = GraphBuilder.named("sum");
        g.output("y", g.add(g.input("a", Shape.of(4)), g.input("b", Shape.of(4))));
        return g.build();
    }

    @Test
    void aClosedSessionGivesItsMemoryBack() {
        long before = DEVICE.get().bytesHeld();
        try (Session session = DEVICE.engine(Storage.FLOAT32).compile(sum(), Weights.none())) {
            assertThat(DEVICE.get().bytesHeld()).isGreaterThan(before);
            assertThat(session.graph().outputs()).containsKey("y");
        }
        assertThat(DEVICE.get().bytesHeld()).isEqualTo(before);
    }

    @Test
    void anIndexOutsideItsAxisFailsTheRunAndKeepsTheState() {
        GraphBuilder g = GraphBuilder.named("picky");
        Value x = g.input("x", Shape.of(3));
        Value picked = g.single(new Indexing.Gather(0), x, g.input("i", DType.I64, Shape.of(1)));
        g.writeState("last", picked);
        g.output("y", g.add(picked, g.readState("last", DType.F32, Shape.of(1))));
        try (Session session = DEVICE.engine(Storage.FLOAT32).compile(g.build(), Weights.none())) {
            Tensor data = Tensor.of(new float[] {5, 6, 7}, 3);
            assertThat(session.run(Map.of("x", data, "i", Tensor.of(new long[] {1}, 1)))
                            .get("y")
                            .get(0))
                    .isEqualTo(6);
            assertThatThrownBy(() -> session.run(Map.of("x", data, "i", Tensor.of(new long[] {3}, 1))))
                    .isInstanceOf(EngineException.class);
            assertThat(session.state("last").get(0)).isEqualTo(6);
            session.resetState();
            assertThat(session.state("last").get(0)).isZero();
        }
    }

    @Test
    void moreThanTheQuotaIsRefusedInOneSentence() {
        try (CudaDevice small = EmulatedDriver.device(1 << 20)) {
            GraphBuilder g = GraphBuilder.named("large");
            g.output("y", g.relu(g.input("x", Shape.of(1 << 20))));
            assertThatThrownBy(() -> new CudaEngine(small, Storage.FLOAT32).compile(g.build(), Weights.none()))
                    .isInstanceOfSatisfying(CudaFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(CudaFailure.Kind.OVER_QUOTA));
            assertThat(small.bytesHeld()).isZero();
        }
    }

    @Test
    void activationsThatNeverMeetShareTheArena() {
        GraphBuilder g = GraphBuilder.named("chain");
        Value x = g.input("x", Shape.of(1 << 16));
        for (int i = 0; i < 20; i++) {
            x = g.relu(x);
        }
        g.output("y", x);
        try (CudaSession session = DEVICE.engine(Storage.FLOAT32).compile(g.build(), Weights.none())) {
            assertThat(session.deviceBytes()).isLessThan(5L * 4 << 16);
        }
    }

    @Test
    void jcudaLeavesNothingInTheSharedTemporaryFolder() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("libJCudaDriver") || name.startsWith("sightline-cuda-"));
        }
    }

    @Test
    void aSessionThatOutlivedItsContextSaysSo() {
        try (CudaDevice own = EmulatedDriver.device();
                CudaSession lost = new CudaEngine(own, Storage.FLOAT32).compile(sum(), Weights.none())) {
            own.reopen();
            Tensor ones = Tensor.of(new float[] {1, 2, 3, 4}, 4);
            assertThatThrownBy(() -> lost.run(Map.of("a", ones, "b", ones)))
                    .isInstanceOfSatisfying(CudaFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(CudaFailure.Kind.STICKY))
                    .hasMessageContaining("is gone");
        }
    }

    @Test
    void aReopenedDeviceServesNewSessions() {
        try (CudaDevice own = EmulatedDriver.device()) {
            CudaSession lost = new CudaEngine(own, Storage.FLOAT32).compile(sum(), Weights.none());
            own.reopen();
            lost.close();
            try (Session session = new CudaEngine(own, Storage.FLOAT32).compile(sum(), Weights.none())) {
                Tensor ones = Tensor.of(new float[] {1, 2, 3, 4}, 4);
                assertThat(session.run(Map.of("a", ones, "b", ones)).get("y").toFloats())
                        .containsExactly(2, 4, 6, 8);
            }
        }
    }
}
