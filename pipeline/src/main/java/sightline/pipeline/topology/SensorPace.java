package sightline.pipeline.topology;

import java.util.Arrays;

/**
 * How often a sensor speaks and how late it is usually heard. Not thread-safe.
 *
 * <p>The delay is the 0.9 quantile, tracked by a step up for each later and a ninth of it down for each earlier value
 * (stochastic approximation; Robbins and Monro 1951).
 */
final class SensorPace {
    private static final int GAPS = 4;
    /** Frames are never spaced quite evenly; one that comes a little early must not be missed. */
    private static final double SURE_PART = 0.9;

    private static final double QUANTILE = 0.9;
    private static final long STEP_NANOS = 5_000_000;

    private final long[] gaps = new long[GAPS];
    private int filled;
    private long newest = Long.MIN_VALUE;
    private long quietUntil = Long.MIN_VALUE;
    private long delay = -1;

    void heard(long exposureNanos, long nowNanos) {
        long late = Math.max(0, nowNanos - exposureNanos);
        if (delay < 0) {
            delay = late;
        } else {
            delay = Math.max(0, delay + Math.round(STEP_NANOS * (late > delay ? QUANTILE : QUANTILE - 1)));
        }
        if (exposureNanos <= newest) {
            return;
        }
        if (newest != Long.MIN_VALUE) {
            gaps[filled++ % GAPS] = exposureNanos - newest;
        }
        newest = exposureNanos;
    }

    void quiet(long untilNanos) {
        quietUntil = Math.max(quietUntil, untilNanos);
    }

    long newest() {
        return newest;
    }

    /** Nothing that was exposed before this is still expected: a frame left out makes a gap longer, never shorter. */
    long toldUpTo() {
        long next = filled < GAPS
                ? newest
                : newest + Math.round(SURE_PART * Arrays.stream(gaps).min().orElseThrow());
        return Math.max(next, quietUntil);
    }

    /** From exposure to being heard, as nine in ten are. */
    long usualDelay() {
        return delay;
    }
}
