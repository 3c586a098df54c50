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

    /**
     * Begins to look at frames and goes on where the device can do so meanwhile; else they have been looked at when this
     * returns. On the thread that perceives, one call at a time; the results may be waited for on another.
     */
    default Look<T> begin(List<Frame> frames) {
        return Look.at(perceive(frames));
    }

    /**
     * Waits until more frames should be begun, as late as leaves the device at work: see {@code Session.awaitTurn}. At once
     * where looks do not overlap.
     */
    default void awaitTurn() {}

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
