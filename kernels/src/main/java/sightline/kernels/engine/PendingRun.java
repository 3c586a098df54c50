package sightline.kernels.engine;

import java.util.Map;
import java.util.Optional;
import sightline.kernels.tensor.Tensor;

/**
 * A run that is under way while others of its session are prepared.
 *
 * <p>Threading: any one thread, another than the one that began it too. Ownership: what is to be run is read until {@link
 * #outputs} returns or this is closed, whichever comes first; the outputs are the session's and valid until this is closed.
 * Who began it closes it, however it ended: a session has room for a few runs at a time.
 */
public interface PendingRun extends AutoCloseable {
    /**
     * Waits for all outputs by name; at places of a batch that nothing took they mean nothing. Empty where the device was
     * lost meanwhile: the run is then to be done again.
     *
     * @throws RuntimeException what became of the run, or of reading what was to be run
     */
    Optional<Map<String, Tensor>> outputs();

    /** Waits until it is over and gives its place to another; idempotent. */
    @Override
    void close();
}
