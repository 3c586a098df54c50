package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.vision.TestPicture;
import sightline.kernels.weights.Weights;

/** Networks go on whatever becomes of the GPU. */
class SteadyEngineTest {
    private final List<String> said = new ArrayList<>();
    private final ReferenceEngine cpu = new ReferenceEngine();

    /** A device that computes as the reference does, and loses its context on command. */
    private final class Brittle implements SteadyEngine.Gpu {
        private int generation = 1;
        private int failuresToCome;
        private int kind = 700;
        private boolean refuses;
        private boolean closed;

        @Override
        public Session compile(Graph graph, Weights weights, CompileOptions options) {
            if (refuses) {
                throw new EngineException("The device has no kernel for " + graph.name() + ".");
            }
            int born = generation;
            return new ForwardingSession(cpu.compile(graph, weights, options)) {
                @Override
                public Map<String, Tensor> run(Map<String, Tensor> inputs) {
                    fail(born);
                    return super.run(inputs);
                }

                @Override
                public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
                    fail(born);
                    super.run(inputs, outputs);
                }

                @Override
                public Optional<Map<String, Tensor>> runPictures(
                        List<Pixels> shown, Framing framing, Resampling resampling, Normalisation normalisation) {
                    fail(born);
                    return Optional.of(Map.of("y", Tensor.of(new float[] {shown.size()}, 1)));
                }
            };
        }

        @Override
        public Optional<SplitSession> compileSplit(
                Graph graph, Weights weights, CompileOptions options, Set<String> late) {
            int born = generation;
            return Optional.of(new HalfwaySession(cpu.compile(graph, weights, options), () -> fail(born)));
        }

        private void fail(int born) {
            if (born != generation || failuresToCome-- > 0) {
                throw CudaFailure.of(kind, "CUDA_ERROR_OF_THE_TEST", "running");
            }
        }

        @Override
        public int generation() {
            return generation;
        }

        @Override
        public void reopen() {
            generation++;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Brittle gpu = new Brittle();
    private final SteadyEngine engine = new SteadyEngine(gpu, cpu, said::add);

    private static Graph doubling() {
        GraphBuilder g = GraphBuilder.named("doubling");
        Value x = g.input("x", Shape.of(2));
        g.output("y", g.add(x, x));
        return g.build();
    }

    private static double run(Session session) {
        return session.run(Map.of("x", Tensor.of(new float[] {3, 4}, 2)))
                .get("y")
                .get(1);
    }

    @Test
    void aLostContextIsReopenedAndTheRunDoneAgain() {
        try (Session session = engine.compile(doubling(), Weights.none())) {
            gpu.failuresToCome = 1;
            assertThat(run(session)).isEqualTo(8);
            assertThat(gpu.generation).isEqualTo(2);
            assertThat(engine.name()).isEqualTo("cuda");
            assertThat(said)
                    .singleElement()
                    .asString()
                    .contains("context is lost")
                    .endsWith("It was reopened.");
        }
    }

    @Test
    void anotherSessionOfTheLostContextCompilesItselfAgainWithoutReopening() {
        try (Session first = engine.compile(doubling(), Weights.none());
                Session second = engine.compile(doubling(), Weights.none())) {
            gpu.failuresToCome = 1;
            assertThat(run(first)).isEqualTo(8);
            assertThat(run(second)).isEqualTo(8);
            assertThat(gpu.generation).isEqualTo(2);
        }
    }

    @Test
    void aCardThatLosesItsContextAgainAndAgainIsGivenUp() {
        try (Session session = engine.compile(doubling(), Weights.none())) {
            gpu.failuresToCome = 100;
            assertThat(run(session)).isEqualTo(8);
            assertThat(engine.name()).isEqualTo(cpu.name());
            assertThat(said).hasSize(SteadyEngine.REOPENINGS + 1);
            assertThat(said.getLast()).contains("reference engine from now on");
        }
    }

    @Test
    void aFailureThatReopeningCannotMendGivesTheCardUpAtOnce() {
        try (Session session = engine.compile(doubling(), Weights.none())) {
            gpu.kind = 1;
            gpu.failuresToCome = 1;
            assertThat(run(session)).isEqualTo(8);
            assertThat(gpu.generation).isEqualTo(1);
            assertThat(said).singleElement().asString().contains("reference engine from now on");
        }
    }

    @Test
    void aSessionForWhichThereIsNoMemoryAnyMoreRunsElsewhereAlone() {
        try (Session session = engine.compile(doubling(), Weights.none());
                Session other = engine.compile(doubling(), Weights.none())) {
            gpu.kind = 2;
            gpu.failuresToCome = 1;
            assertThat(run(session)).isEqualTo(8);
            assertThat(run(session)).isEqualTo(8);
            assertThat(run(other)).isEqualTo(8);
            assertThat(engine.name()).isEqualTo("cuda");
            assertThat(said)
                    .singleElement()
                    .asString()
                    .contains("too little free memory")
                    .endsWith("doubling runs on the reference engine.");
        }
    }

    private SplitSession split() {
        return engine.compileSplit(doubling(), Weights.none(), CompileOptions.DEFAULT, Set.of())
                .orElseThrow();
    }

    @Test
    void aRunInTwoHalvesThatLosesItsContextFailsAndTheNextOneGoesOn() {
        try (SplitSession first = split();
                SplitSession second = split()) {
            gpu.failuresToCome = 1;
            assertThatThrownBy(first::begin).isInstanceOf(EngineException.class);
            assertThat(gpu.generation).isEqualTo(2);
            assertThat(said).singleElement().asString().endsWith("It was reopened.");
            // The other one was in the same context.
            assertThatThrownBy(second::begin).isInstanceOf(EngineException.class);
        }
        try (SplitSession another = split()) {
            another.input("x").set(1, 4);
            another.begin();
            assertThat(another.finish().get("y").get(1)).isEqualTo(8);
        }
    }

    @Test
    void nothingRunsInTwoHalvesOnceTheCardWasGivenUp() {
        gpu.kind = 1;
        gpu.failuresToCome = 1;
        try (SplitSession session = split()) {
            assertThatThrownBy(session::begin).isInstanceOf(EngineException.class);
        }
        assertThat(engine.compileSplit(doubling(), Weights.none(), CompileOptions.DEFAULT, Set.of()))
                .isEmpty();
    }

    private static Optional<Map<String, Tensor>> show(Session session) {
        return session.runPictures(
                List.of(TestPicture.random(8, 6, 1)),
                Placement.fit(8, 6, 4, 4),
                Resampling.LINEAR,
                Normalisation.IMAGENET);
    }

    @Test
    void picturesThatWereInTheLostContextAreShownAgain() {
        try (Session session = engine.compile(doubling(), Weights.none())) {
            gpu.failuresToCome = 1;
            assertThat(show(session)).isPresent();
            assertThat(gpu.generation).isEqualTo(2);
        }
    }

    @Test
    void picturesAreLeftToTheCallerOnceTheCardWasGivenUp() {
        try (Session session = engine.compile(doubling(), Weights.none())) {
            gpu.failuresToCome = 100;
            assertThat(show(session)).isEmpty();
            assertThat(engine.name()).isEqualTo(cpu.name());
        }
    }

    @Test
    void aGraphThatTheDeviceDoesNotTakeRunsElsewhereAlone() {
        gpu.refuses = true;
        try (Session session = engine.compile(doubling(), Weights.none())) {
            assertThat(run(session)).isEqualTo(8);
            assertThat(engine.name()).isEqualTo("cuda");
            assertThat(said).singleElement().asString().contains("no kernel for doubling");
        }
    }

    @Test
    void whereNoDeviceIsTheOtherEngineServesFromTheBeginning() {
        try (SteadyEngine none = new SteadyEngine(null, cpu, said::add);
                Session session = none.compile(doubling(), Weights.none())) {
            assertThat(none.name()).isEqualTo(cpu.name());
            assertThat(run(session)).isEqualTo(8);
        }
    }

    @Test
    void aMistakeOfTheCallerIsStillTheCallers() {
        try (Session session = engine.compile(doubling(), Weights.none())) {
            assertThatThrownBy(() -> session.run(Map.of())).isNotInstanceOf(CudaFailure.class);
            assertThat(said).isEmpty();
        }
    }

    @Test
    void closingItClosesTheDevice() {
        engine.close();
        assertThat(gpu.closed).isTrue();
    }
}
