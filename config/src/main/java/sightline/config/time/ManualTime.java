package sightline.config.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is told to move. For tests and for replays that own their time.
 *
 * <p>Threading: safe; a move is seen by every later reading. It may be set backwards, since real clocks are.
 */
public final class ManualTime implements TimeSource {

    private final AtomicLong now;

    /** Starts at the given nanoseconds since the epoch. */
    public ManualTime(long nanos) {
        this.now = new AtomicLong(nanos);
    }

    /** Starts at an instant, as in {@code ManualTime.at("2026-01-01T00:00:00Z")}. */
    public static ManualTime at(String instant) {
        return new ManualTime(Instants.toNanos(Instant.parse(instant)));
    }

    @Override
    public long nanos() {
        return now.get();
    }

    /** Moves by a duration, which may be negative, and returns the new reading. */
    public long advance(Duration by) {
        return advanceNanos(by.toNanos());
    }

    /** Moves by nanoseconds, which may be negative, and returns the new reading. */
    public long advanceNanos(long by) {
        return now.addAndGet(by);
    }

    /** Jumps to the given nanoseconds since the epoch. */
    public void set(long nanos) {
        now.set(nanos);
    }
}
