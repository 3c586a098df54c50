package sightline.operators.timing;

import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** An engine that keeps time of what another one does, and what it was last given. One thread. */
final class StopwatchEngine implements Engine {
    private final Engine engine;
    private long compiling;
    private long running;
    private Watched last;

    StopwatchEngine(Engine engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // whoever compiles closes
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        long begin = System.nanoTime();
        Session session = engine.compile(graph, weights, options);
        compiling += System.nanoTime() - begin;
        return new Watched(session, weights);
    }

    double compileMillis() {
        return compiling / 1e6;
    }

    /** Milliseconds in networks since this was last asked. */
    double takeMillis() {
        double millis = running / 1e6;
        running = 0;
        return millis;
    }

    /** The last network once more on what it was last given; not counted. */
    void again() {
        last.session().run(last.inputs);
    }

    Graph graph() {
        return last.session().graph();
    }

    Weights weights() {
        return last.weights;
    }

    /** The tensors of the last run, which their owner writes again at the next. */
    Map<String, Tensor> inputs() {
        return last.inputs;
    }

    /** Copies of what the last network answers to what it was last given. */
    Map<String, Tensor> outputs() {
        return Tensors.copies(last.session().run(last.inputs));
    }

    private final class Watched extends ForwardingSession {
        private final Weights weights;
        private Map<String, Tensor> inputs = Map.of();

        Watched(Session session, Weights weights) {
            super(session);
            this.weights = weights;
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> given) {
            begin(given);
            long begin = System.nanoTime();
            Map<String, Tensor> outputs = session().run(given);
            running += System.nanoTime() - begin;
            return outputs;
        }

        @Override
        public void run(Map<String, Tensor> given, Map<String, Tensor> outputs) {
            begin(given);
            long begin = System.nanoTime();
            session().run(given, outputs);
            running += System.nanoTime() - begin;
        }

        private void begin(Map<String, Tensor> given) {
            inputs = given;
            last = this;
        }
    }
}
