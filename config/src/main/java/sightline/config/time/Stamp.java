package sightline.config.time;

/**
 * What a {@link StampGuard} made of one stamp.
 *
 * @param nanos the stamp to use, nanoseconds since the epoch
 * @param shiftNanos what was added to the sensor's own stamp; where it is not zero the time is our estimate, and the
 *     observation's clock sigma should say so
 * @param verdict why
 */
public record Stamp(long nanos, long shiftNanos, Verdict verdict) {

    /** How a stamp was judged. Each kind but {@link #IN_ORDER} is counted as an anomaly. */
    public enum Verdict {
        /** Plausible and newer than the last. */
        IN_ORDER,
        /** Older than the newest but within the reorder window: a late observation, left as it is. */
        LATE,
        /** Equal to the last, or slightly older: moved to just after the last. */
        NOT_MONOTONIC,
        /** The sensor's clock jumped back: re-based to run on from the last stamp. */
        JUMPED_BACK,
        /** The sensor's clock jumped ahead: re-based likewise. */
        JUMPED_AHEAD,
        /** A date no set clock shows (before 2000 or from 2100 on, as 1970 or 2106): re-based on receive time. */
        CLOCK_NOT_SET,
        /** The sensor's own clock is plausible again after a jump: taken at its word from here on. */
        RECOVERED
    }

    /** Whether {@link #nanos} is anything but the sensor's own stamp. */
    public boolean rebased() {
        return shiftNanos != 0;
    }
}
