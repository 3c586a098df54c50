package sightline.kernels.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.engine.Communicator;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.LocalRanks;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** Three ranks in three threads; each holds one row. */
class CollectivesTest {
    private static final int RANKS = 3;

    static List<Engine> engines() {
        return List.of(new ReferenceEngine(), new OnnxEngine());
    }

    private static Graph graph() {
        GraphBuilder g = GraphBuilder.named("ranks");
        Value x = g.mul(g.input("x", Shape.of(1, 2)), 2);
        g.output("all", g.single(new Stateful.AllGather(0, RANKS), x));
        g.output("sum", g.neg(g.single(new Stateful.AllReduce(Stateful.Combine.SUM, RANKS), x)));
        g.output("max", g.single(new Stateful.AllReduce(Stateful.Combine.MAX, RANKS), x));
        g.output("halo", g.single(new Stateful.Halo(0, 1, RANKS), x));
        return g.build();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void everyRankSeesTheOthersInOrder(Engine engine) throws InterruptedException, ExecutionException {
        List<Communicator> world = LocalRanks.of(RANKS, 20_000);
        List<Map<String, Tensor>> results = new ArrayList<>();
        List<Session> sessions = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(RANKS)) {
            List<Future<Map<String, Tensor>>> running = new ArrayList<>();
            for (Communicator rank : world) {
                Session session =
                        engine.compile(graph(), Weights.none(), CompileOptions.DEFAULT.withCommunicator(rank));
                sessions.add(session);
                Tensor row = Tensor.of(new float[] {rank.rank(), 10}, 1, 2);
                running.add(threads.submit(() -> {
                    session.run(Map.of("x", row));
                    return session.run(Map.of("x", row));
                }));
            }
            for (Future<Map<String, Tensor>> result : running) {
                results.add(result.get());
            }
        }
        for (Map<String, Tensor> result : results) {
            assertThat(result.get("all").toFloats()).containsExactly(0, 20, 2, 20, 4, 20);
            assertThat(result.get("sum").toFloats()).containsExactly(-6, -60);
            assertThat(result.get("max").toFloats()).containsExactly(4, 20);
        }
        assertThat(results.get(0).get("halo").toFloats()).containsExactly(0, 0, 0, 20, 2, 20);
        assertThat(results.get(2).get("halo").toFloats()).containsExactly(2, 20, 4, 20, 0, 0);
        sessions.forEach(Session::close);
    }

    @Test
    void aRankThatIsAloneWaitsInVain() {
        Communicator first = LocalRanks.of(2, 50).getFirst();
        assertThatThrownBy(() -> first.allGather(Tensor.of(new float[] {1}, 1)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("Rank 0");
    }

    @Test
    void theNumberOfRanksMustMatch() {
        try (Session session = new ReferenceEngine().compile(graph(), Weights.none())) {
            assertThatThrownBy(() -> session.run(Tensor.of(new float[] {1, 2}, 1, 2)))
                    .hasMessageContaining("3 ranks");
        }
    }
}
