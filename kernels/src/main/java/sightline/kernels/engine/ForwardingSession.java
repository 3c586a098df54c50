package sightline.kernels.engine;

import java.util.Map;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;

/**
 * Does what another session does, but for what is overridden. Decoded pictures are not handed on unless that is overridden
 * too, so that whoever overrides {@code run} meets every run.
 *
 * <p>Threading: as the other session, which it owns and closes.
 */
public abstract class ForwardingSession implements Session {
    private final Session session;

    protected ForwardingSession(Session session) {
        this.session = session;
    }

    /** The other one. */
    public final Session session() {
        return session;
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
