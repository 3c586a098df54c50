package sightline.sensors.source;

/**
 * Something that is read one observation after another by blocking calls. One thread at a time calls {@link #next()} and
 * {@link #close()}; {@link #interrupt()} may come from another.
 *
 * @param <T> what it holds
 */
public interface Reel<T> extends AutoCloseable {
    /**
     * The next observation, or {@code null} at the end.
     *
     * @throws Exception if it cannot be read; the attempt is over then
     */
    T next() throws Exception;

    /** Makes a read that is under way return soon. */
    default void interrupt() {}

    @Override
    void close();
}
