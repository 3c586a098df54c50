package sightline.operators.timing;

import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** An engine whose networks compute what they compute, and then answer what another one did. */
final class BorrowedAnswers implements Engine {
    private final Engine engine;
    private final Map<String, Tensor> answers;

    BorrowedAnswers(Engine engine, Map<String, Tensor> answers) {
        this.engine = engine;
        this.answers = answers;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // whoever compiles closes
    public Session compile(Graph graph, Weights weights, CompileOptions options) {
        return new ForwardingSession(engine.compile(graph, weights, options)) {
            @Override
            public Map<String, Tensor> run(Map<String, Tensor> inputs) {
                session().run(inputs);
                return answers;
            }

            @Override
            public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
                session().run(inputs, outputs);
                outputs.forEach((name, output) -> output.copyFrom(answers.get(name)));
            }
        };
    }
}
