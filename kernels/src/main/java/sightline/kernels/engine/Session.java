package sightline.kernels.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import sightline.config.domain.Pixels;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

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

    /**
     * Runs a graph whose only input is pictures, where the engine itself sizes and normalises them and lays them out; what
     * the framing leaves free is zero. Empty where it does not, and then nothing ran. Pictures are read during the run only;
     * those that are compressed still ({@link Pixels#compressed}) may be decoded there.
     *
     * @param pictures up to a batch, all of the framing's size
     * @return all outputs in the session's buffers; at places of the batch that no picture took they mean nothing
     */
    default Optional<Map<String, Tensor>> runPictures(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return Optional.empty();
    }

    /**
     * Begins what {@link #runPictures} does and goes on at once: pictures of the next runs are decoded and made into tensors
     * while the network is at work, and results are fetched meanwhile. Empty where the engine does not, and then nothing was
     * begun. Waits where as many as there is room for are under way and nobody has closed one yet.
     *
     * <p>Pictures are read on other threads until the run's outputs are there. One thread begins runs; others finish them.
     */
    default Optional<PendingRun> beginPictures(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return Optional.empty();
    }

    /**
     * The same for inputs that are tensors already.
     *
     * @param write called on another thread with the session's own tensors, which it fills: all inputs by name
     */
    default Optional<PendingRun> beginTensors(Consumer<Map<String, Tensor>> write) {
        return Optional.empty();
    }

    /**
     * Waits until the next run should begin where runs overlap: as late as leaves what computes without a pause. What arrives
     * until then can still be part of it. Waits for room too, so another thread must be finishing runs. Returns at once where
     * nothing is under way, and when the thread is interrupted.
     */
    default void awaitTurn() {}

    /** A copy of a state tensor as it stands between runs. */
    Tensor state(String name);

    /** Sets all state tensors to zero. */
    void resetState();

    /** Frees everything; outputs of earlier runs become invalid. Idempotent. */
    @Override
    void close();
}
