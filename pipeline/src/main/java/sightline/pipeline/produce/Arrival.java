package sightline.pipeline.produce;

import sightline.config.domain.ObservationTime;
import sightline.config.time.Stamp;
import sightline.config.time.StampGuard;
import sightline.config.time.TimeSource;
import sightline.sensors.source.Stamped;

/**
 * Stamps what arrives from one sensor: when it was received and, where the sensor's own clock cannot be believed, when it
 * must have been exposed. One thread at a time.
 *
 * @param <T> the observation
 */
final class Arrival<T> {

    /** A re-based stamp is an estimate from arrival, which on a network is worth about this. */
    private static final long REBASED_SIGMA_NANOS = 100_000_000L;

    private final Stamped<T> stamped;
    private final StampGuard guard;
    private final TimeSource time;

    private final boolean trusted;

    /** @param trusted whether exposure times are left as they are */
    Arrival(Stamped<T> stamped, StampGuard guard, TimeSource time, boolean trusted) {
        this.stamped = stamped;
        this.guard = guard;
        this.time = time;
        this.trusted = trusted;
    }

    T stamp(T value) {
        long now = time.nanos();
        ObservationTime said = stamped.time(value);
        if (trusted) {
            return stamped.with(value, said.received(now), stamped.sequence(value));
        }
        Stamp stamp = guard.accept(said.exposureNanos(), now);
        long sigma = stamp.rebased() ? Math.max(said.sigmaNanos(), REBASED_SIGMA_NANOS) : said.sigmaNanos();
        return stamped.with(
                value,
                new ObservationTime(stamp.nanos(), sigma, said.clockId(), now, said.processedNanos()),
                stamped.sequence(value));
    }

    long anomalies() {
        return guard.anomalies();
    }
}
