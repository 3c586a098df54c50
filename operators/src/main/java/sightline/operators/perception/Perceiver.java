package sightline.operators.perception;

import java.util.List;
import sightline.config.domain.Frame;

/**
 * A network with its pre- and post-processing: decoded frames in, what was found in them out, in pixels of the original
 * pictures.
 *
 * <p>Threading: one thread at a time; it computes on the calling thread and the engine's own. Ownership: frames stay the
 * caller's and are not kept. Failure: an exception concerns the whole batch; the perceiver stays usable.
 *
 * @param <T> what is found in one frame
 */
public interface Perceiver<T> extends AutoCloseable {
    /** Names the network, its weights and its engine. */
    Identity identity();

    /** One result a frame, in the order of the frames. */
    List<T> perceive(List<Frame> frames);

    /** Frames that are better seen together than one after another; 1 where there is nothing to gain. */
    default int batch() {
        return 1;
    }

    /** Whether it takes frames that are not decoded yet ({@code Pixels.compressed}) and has them decoded faster than here. */
    default boolean decodes() {
        return false;
    }

    @Override
    void close();

    /**
     * What is at work.
     *
     * @param name of the model, as in {@code sightline models}
     * @param digest of graph and weights, lower-case hex; every result carries it
     * @param engine that runs it
     */
    record Identity(String name, String digest, String engine) {}
}
