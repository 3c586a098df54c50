package sightline.pipeline.topology;

import java.util.Optional;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.time.Stamp;
import sightline.config.time.StampGuard;
import sightline.config.time.TimeSource;
import sightline.sensors.source.Stamped;

/**
 * Stamps what arrives from one sensor: when it was received and, where the sensor's own clock cannot be believed, when it
 * must have been exposed. Knows, too, up to when a sensor that is quiet has nothing to tell.
 *
 * <p>Threading: {@link #stamp} belongs to one thread at a time; the rest may be asked from any.
 *
 * @param <T> the observation
 */
final class Stamping<T> {

    /** A re-based stamp is an estimate from arrival, which on a network is worth about this. */
    private static final long REBASED_SIGMA_NANOS = 100_000_000L;

    private final Stamped<T> stamped;
    private final StampGuard guard;
    private final TimeSource time;
    private final boolean trusted;

    private volatile FrameHeader newest;

    /** @param trusted whether exposure times are left as they are */
    Stamping(Stamped<T> stamped, StampGuard guard, TimeSource time, boolean trusted) {
        this.stamped = stamped;
        this.guard = guard;
        this.time = time;
        this.trusted = trusted;
    }

    T stamp(T value) {
        long now = time.nanos();
        ObservationTime said = stamped.time(value);
        T done = stamped.with(value, trusted ? said.received(now) : mended(guard, said, now), stamped.sequence(value));
        newest = stamped.header(done);
        return done;
    }

    /** The time that is to be believed of an observation that arrived now. */
    static ObservationTime mended(StampGuard guard, ObservationTime said, long now) {
        Stamp stamp = guard.accept(said.exposureNanos(), now);
        long sigma = stamp.rebased() ? Math.max(said.sigmaNanos(), REBASED_SIGMA_NANOS) : said.sigmaNanos();
        return new ObservationTime(stamp.nanos(), sigma, said.clockId(), now, said.processedNanos());
    }

    /** The newest observation as its header says it; empty before the first. */
    Optional<FrameHeader> newest() {
        return Optional.ofNullable(newest);
    }

    /**
     * The header of a heartbeat of now: as old as the newest observation was on its arrival, so that one that is still on
     * its way to us is not declared absent. Empty before the first observation.
     */
    Optional<FrameHeader> quiet() {
        return newest().map(last -> {
            ObservationTime then = last.time();
            long now = time.nanos();
            return last.withTime(new ObservationTime(
                    then.exposureNanos() + Math.max(0, now - then.receivedNanos()),
                    then.sigmaNanos(),
                    then.clockId(),
                    now,
                    0));
        });
    }

    long anomalies() {
        return guard.anomalies();
    }
}
