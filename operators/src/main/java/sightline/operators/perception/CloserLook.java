package sightline.operators.perception;

import java.util.List;
import sightline.config.domain.Detection;
import sightline.config.domain.Frame;

/**
 * A network that is shown what a detector has found in a frame and looks at it again, closer.
 *
 * <p>Threading, ownership and failure as of a {@link Perceiver}.
 *
 * @param <T> what is found in one frame
 */
public interface CloserLook<T> extends AutoCloseable {
    /** Names the network, its weights and its engine. */
    Perceiver.Identity identity();

    /** @param found in that very frame, in pixels of its picture */
    T look(Frame frame, List<Detection> found);

    @Override
    void close();
}
