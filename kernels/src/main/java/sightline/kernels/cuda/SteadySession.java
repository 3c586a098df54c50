package sightline.kernels.cuda;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;

/**
 * A session that compiles itself again when its context was lost, and does the run again that failed. Named state does not
 * survive that: it is zero again.
 */
final class SteadySession implements Session {
    private final SteadyEngine engine;
    private final Graph graph;
    private final Weights weights;
    private final CompileOptions options;
    private int generation;
    private volatile Session session;

    SteadySession(SteadyEngine engine, Graph graph, Weights weights, CompileOptions options) {
        this.engine = engine;
        this.graph = graph;
        this.weights = weights;
        this.options = options;
        begin();
    }

    private void begin() {
        generation = engine.generation();
        session = engine.begin(graph, weights, options);
    }

    /** As often as the engine reopens, and once more where it gives the device up. */
    private <T> T steadily(Function<Session, T> work) {
        for (int attempt = 0; ; attempt++) {
            if (engine.generation() != generation) {
                close();
                begin();
            }
            try {
                return work.apply(session);
            } catch (CudaFailure failure) {
                if (attempt > SteadyEngine.REOPENINGS) {
                    throw failure;
                }
                if (failure.ofMemory()) {
                    close();
                    session = engine.elsewhere(graph, weights, options, failure);
                    continue;
                }
                engine.recover(generation, failure);
            }
        }
    }

    @Override
    public Graph graph() {
        return session.graph();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return steadily(s -> s.run(inputs));
    }

    @Override
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        steadily(s -> {
            s.run(inputs, outputs);
            return outputs;
        });
    }

    @Override
    public Optional<Map<String, Tensor>> runPictures(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return steadily(s -> s.runPictures(pictures, framing, resampling, normalisation));
    }

    @Override
    public Optional<PendingRun> beginPictures(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return steadily(s -> s.beginPictures(pictures, framing, resampling, normalisation))
                .map(this::steady);
    }

    @Override
    public Optional<PendingRun> beginTensors(Consumer<Map<String, Tensor>> write) {
        return steadily(s -> s.beginTensors(write)).map(this::steady);
    }

    /** One that is lost with its context is told from one that failed: its caller does it again. */
    private PendingRun steady(PendingRun run) {
        int born = generation;
        return new PendingRun() {
            @Override
            public Optional<Map<String, Tensor>> outputs() {
                try {
                    return run.outputs();
                } catch (CudaFailure failure) {
                    // Where memory is short, doing it again finds another place for it.
                    if (!failure.ofMemory()) {
                        engine.recover(born, failure);
                    }
                    return Optional.empty();
                } catch (IllegalStateException closed) {
                    if (engine.generation() == born) {
                        throw closed;
                    }
                    return Optional.empty();
                }
            }

            @Override
            public void close() {
                run.close();
            }
        };
    }

    @Override
    public void awaitTurn() {
        session.awaitTurn();
    }

    @Override
    public Tensor state(String name) {
        return steadily(s -> s.state(name));
    }

    @Override
    public void resetState() {
        steadily(s -> {
            s.resetState();
            return s;
        });
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (CudaFailure lost) {
            // What it held went with its context.
        }
    }
}
