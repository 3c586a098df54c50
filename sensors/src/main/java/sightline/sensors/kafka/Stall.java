package sightline.sensors.kafka;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says so, once, when a source stands still because nobody disposes of what it handed out: the one mistake that is easy
 * to make with records that must be acknowledged. Belongs to the polling thread.
 */
final class Stall {
    private static final Logger LOG = LoggerFactory.getLogger(Stall.class);
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final String name;
    private long disposed = -1;
    private long sinceNanos;
    private boolean said;

    Stall(String name) {
        this.name = name;
    }

    /**
     * Called while there is demand that the bound on records in flight does not let through.
     *
     * @param held how many records somebody holds
     * @param disposedSoFar grows with every disposal
     */
    void blocked(int held, long disposedSoFar) {
        long now = System.nanoTime();
        if (disposedSoFar != disposed) {
            disposed = disposedSoFar;
            sinceNanos = now;
            said = false;
        } else if (!said && now - sinceNanos > PATIENCE_NANOS) {
            said = true;
            LOG.warn(
                    "{} reads nothing: {} records are held and none was acknowledged, discarded or dead-lettered for {} s",
                    name,
                    held,
                    PATIENCE_NANOS / 1_000_000_000);
        }
    }
}
