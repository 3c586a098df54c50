package sightline.operators.timing;

import java.util.Map;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;

/** Does what another session does, but for what is overridden. Owns and closes the other one. */
abstract class ForwardingSession implements Session {
    final Session session;

    ForwardingSession(Session session) {
        this.session = session;
    }

    @Override
    public Graph graph() {
        return session.graph();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return session.run(inputs);
    }

    @Override
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        session.run(inputs, outputs);
    }

    @Override
    public Tensor state(String name) {
        return session.state(name);
    }

    @Override
    public void resetState() {
        session.resetState();
    }

    @Override
    public void close() {
        session.close();
    }
}
