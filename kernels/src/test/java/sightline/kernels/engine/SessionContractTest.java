package sightline.kernels.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** What every engine's sessions promise. */
class SessionContractTest {
    static List<Engine> engines() {
        return List.of(new ReferenceEngine(), new OnnxEngine());
    }

    /** A lone rank whose line can be held, so that a run stays inside the session. */
    private static final class HeldLine implements Communicator {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        boolean failing;

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public List<Tensor> allGather(Tensor own) {
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failing) {
                throw new EngineException("The line is cut");
            }
            return List.of(own);
        }
    }

    private static Graph graph() {
        GraphBuilder g = GraphBuilder.named("held");
        Value x = g.add(g.input("x", Shape.of(1)), g.readState("sum", DType.F32, Shape.of(1)));
        g.writeState("sum", x);
        g.output("y", g.single(new Stateful.AllGather(0, 1), x));
        return g.build();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aSecondThreadIsTurnedAway(Engine engine) throws InterruptedException, ExecutionException {
        HeldLine line = new HeldLine();
        Tensor one = Tensor.of(new float[] {1}, 1);
        try (Session session = engine.compile(graph(), Weights.none(), CompileOptions.DEFAULT.withCommunicator(line));
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<float[]> first = thread.submit(() -> session.run(one).toFloats());
            line.entered.await();
            assertThatThrownBy(() -> session.run(one))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already running");
            line.go.countDown();
            assertThat(first.get()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aFailedRunLeavesTheStateAsItWas(Engine engine) {
        HeldLine line = new HeldLine();
        line.go.countDown();
        Tensor one = Tensor.of(new float[] {1}, 1);
        try (Session session = engine.compile(graph(), Weights.none(), CompileOptions.DEFAULT.withCommunicator(line))) {
            session.run(one);
            line.failing = true;
            assertThatThrownBy(() -> session.run(Map.of("x", one))).hasMessageContaining("The line is cut");
            assertThat(session.state("sum").toFloats()).containsExactly(1);
            line.failing = false;
            assertThat(session.run(one).toFloats()).containsExactly(2);
        }
    }
}
