package sightline.config.time;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import sightline.config.time.Stamp.Verdict;

/**
 * Keeps the exposure stamps of one sensor usable whatever its clock does. A camera that reboots into 1970, one whose
 * 32-bit seconds wrap in 2106, a clock that is corrected by hours in either direction: each is counted and re-based,
 * none is fatal.
 *
 * <p>The guard expects the next stamp at the last one plus the time that passed on the receiver's clock. A stamp that
 * is off by more than {@link StampRules#jump} is a jump: a shift is then added to this and all later stamps so that
 * time runs on from where it was. As soon as the sensor's own stamps fit again, or agree with the receiver's clock, the
 * shift is dropped. A first stamp is believed if its date is one that a set clock shows, since a replay may be years old.
 *
 * <p>A shift is an estimate from one arrival; where it puts a stamp after its own arrival, it was too large and is corrected.
 * Without a reorder window the stamps that leave are strictly increasing. A replay that runs faster than real time
 * is in order as long as it has no gap longer than the jump.
 *
 * <p>Threading: {@link #accept} belongs to one thread at a time, the sensor's; counts may be read by any.
 */
public final class StampGuard {

    /** 2000-01-01T00:00:00Z. */
    static final long ERA_START = 946_684_800_000_000_000L;

    /** 2100-01-01T00:00:00Z. */
    static final long ERA_END = 4_102_444_800_000_000_000L;

    private final long jump;
    private final long reorder;
    private final Map<Verdict, LongAdder> counts = new EnumMap<>(Verdict.class);

    private boolean started;
    private long shift;
    private long newest;
    private long received;

    public StampGuard(StampRules rules) {
        this.jump = rules.jump().toNanos();
        this.reorder = rules.reorder().toNanos();
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, new LongAdder());
        }
    }

    /**
     * Judges one stamp.
     *
     * @param raw what the sensor says, nanoseconds since the epoch; any value
     * @param receivedNanos the receiver's clock when the observation arrived, nanoseconds since the epoch
     */
    public Stamp accept(long raw, long receivedNanos) {
        Stamp stamp = started ? next(raw, receivedNanos) : first(raw, receivedNanos);
        started = true;
        shift = stamp.verdict() == Verdict.NOT_MONOTONIC ? shift : stamp.shiftNanos();
        newest = Math.max(newest, stamp.nanos());
        received = receivedNanos;
        counts.get(stamp.verdict()).increment();
        return stamp;
    }

    /** How many stamps were judged so. */
    public long count(Verdict verdict) {
        return counts.get(verdict).sum();
    }

    /** How many stamps were anything but in order. */
    public long anomalies() {
        long sum = 0;
        for (Verdict verdict : Verdict.values()) {
            sum += verdict == Verdict.IN_ORDER ? 0 : count(verdict);
        }
        return sum;
    }

    private Stamp first(long raw, long receivedNanos) {
        if (plausible(raw)) {
            newest = raw;
            return new Stamp(raw, 0, Verdict.IN_ORDER);
        }
        newest = receivedNanos;
        return at(receivedNanos, raw, Verdict.CLOCK_NOT_SET);
    }

    private Stamp next(long raw, long receivedNanos) {
        // A receiver whose own clock was set back must not pull the expectation below the last stamp.
        long expected = newest + Math.max(1, receivedNanos - received);
        if (!plausible(raw)) {
            return fits(raw + shift, expected)
                    ? new Stamp(raw + shift, shift, Verdict.CLOCK_NOT_SET)
                    : at(expected, raw, Verdict.CLOCK_NOT_SET);
        }
        boolean agrees = raw > newest && Math.abs(raw - receivedNanos) <= jump;
        if (shift != 0 && (agrees || fits(raw, expected))) {
            return new Stamp(raw, 0, Verdict.RECOVERED);
        }
        long stamp = raw + shift;
        if (stamp > expected + jump) {
            // What was read late and all at once has gaps that the receiver did not see pass.
            return agrees ? new Stamp(raw, 0, Verdict.RECOVERED) : at(expected, raw, Verdict.JUMPED_AHEAD);
        }
        if (stamp > newest) {
            // The shift was estimated from one arrival, which may have been a late one.
            boolean tooLate = shift != 0 && stamp > receivedNanos && receivedNanos > newest;
            return tooLate ? at(receivedNanos, raw, Verdict.IN_ORDER) : new Stamp(stamp, shift, Verdict.IN_ORDER);
        }
        if (stamp >= newest - reorder && stamp < newest) {
            return new Stamp(stamp, shift, Verdict.LATE);
        }
        return stamp < newest - jump
                ? at(expected, raw, Verdict.JUMPED_BACK)
                : at(newest + 1, raw, Verdict.NOT_MONOTONIC);
    }

    private boolean fits(long stamp, long expected) {
        return stamp > newest && stamp <= expected + jump;
    }

    private static boolean plausible(long raw) {
        return raw >= ERA_START && raw < ERA_END;
    }

    private static Stamp at(long nanos, long raw, Verdict verdict) {
        return new Stamp(nanos, nanos - raw, verdict);
    }
}
