package sightline.kernels.engine;

import java.util.Map;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;

/**
 * A compiled graph with its buffers and its named state.
 *
 * <p><b>Threading:</b> one run at a time; a second thread that enters gets an {@code IllegalStateException}. Any thread
 * may run and close it, with the usual publication.
 *
 * <p><b>Ownership:</b> inputs are read during the run only and stay the caller's. Outputs of {@link #run(Map)} are the
 * session's: valid until the next run or close, never freed by the caller. Outputs given to {@link #run(Map, Map)} are
 * the caller's and are written in place. No large buffer is allocated by a run after the first.
 *
 * <p><b>Failure:</b> a missing, unknown or misshapen tensor is refused by name before anything runs. After a failed run
 * the state tensors are as before it; outputs are undefined.
 */
public interface Session extends AutoCloseable {
    /** The graph that runs, with all dimensions bound. Its inputs and outputs are the ports. */
    Graph graph();

    /** Runs and returns all outputs in the session's buffers. */
    Map<String, Tensor> run(Map<String, Tensor> inputs);

    /** Runs and writes the named outputs (all or some of them) into the caller's tensors. */
    void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs);

    /** Runs a graph of one input and one output. */
    default Tensor run(Tensor input) {
        String in = graph().inputs().keySet().iterator().next();
        return run(Map.of(in, input)).values().iterator().next();
    }

    /** A copy of a state tensor as it stands between runs. */
    Tensor state(String name);

    /** Sets all state tensors to zero. */
    void resetState();

    /** Frees everything; outputs of earlier runs become invalid. Idempotent. */
    @Override
    void close();
}
