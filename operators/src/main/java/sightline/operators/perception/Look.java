package sightline.operators.perception;

import java.util.List;

/**
 * Frames that are being looked at, while others may be begun. Threading: any one thread. Whoever began it closes it, however
 * it ended; frames are read until it is closed or has its results.
 *
 * @param <T> what is found in one frame
 */
public interface Look<T> extends AutoCloseable {
    /** Waits; one result a frame, in the order of the frames. */
    List<T> results();

    @Override
    void close();

    /** One that is over. */
    static <T> Look<T> at(List<T> results) {
        return new Look<>() {
            @Override
            public List<T> results() {
                return results;
            }

            @Override
            public void close() {}
        };
    }
}
