package sightline.config.time;

/**
 * A clock that tells nanoseconds since the Unix epoch, UTC. Everything that needs to know the time takes one of these,
 * so that a test can own it.
 *
 * <p>The reading is wall-clock time: it may step when the machine's clock is corrected. A signed 64-bit count reaches
 * from 1677 to 2262.
 *
 * <p>Threading: implementations are safe for use by any number of threads and never block.
 */
@FunctionalInterface
public interface TimeSource {

    /** Nanoseconds since 1970-01-01T00:00:00Z. */
    long nanos();

    /** The clock of this machine. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
