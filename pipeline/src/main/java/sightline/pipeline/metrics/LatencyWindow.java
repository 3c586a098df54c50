package sightline.pipeline.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import sightline.config.time.TimeSource;

/**
 * A histogram of about the last minute: six slices of ten seconds that are reused in turn. Buckets grow by the fourth root
 * of two from 0.1 ms to 16 s, so a quantile is good to 19 %, its upper side. Recording takes no lock but when a slice
 * begins.
 */
final class LatencyWindow {
    private static final int SLICES = 6;
    private static final long SLICE_NANOS = 10_000_000_000L;
    private static final int BUCKETS = 70;
    private static final double[] UPPER = new double[BUCKETS];

    static {
        for (int i = 0; i < BUCKETS; i++) {
            UPPER[i] = 0.0001 * Math.pow(2, i / 4.0);
        }
    }

    private final TimeSource time;
    private final AtomicLongArray[] slices = new AtomicLongArray[SLICES];
    private final long[] numbers = new long[SLICES];

    LatencyWindow(TimeSource time) {
        this.time = time;
        for (int i = 0; i < SLICES; i++) {
            slices[i] = new AtomicLongArray(BUCKETS + 1);
            numbers[i] = -1;
        }
    }

    void record(double seconds) {
        int bucket = (int) Math.ceil(4 * Math.log(Math.max(seconds, UPPER[0]) / UPPER[0]) / Math.log(2) - 1e-9);
        current().incrementAndGet(Math.min(bucket, BUCKETS));
    }

    private AtomicLongArray current() {
        long number = Math.floorDiv(time.nanos(), SLICE_NANOS);
        int at = Math.floorMod(number, SLICES);
        synchronized (numbers) {
            if (numbers[at] != number) {
                numbers[at] = number;
                slices[at] = new AtomicLongArray(BUCKETS + 1);
            }
            return slices[at];
        }
    }

    StageLatency snapshot(String stage) {
        long newest = Math.floorDiv(time.nanos(), SLICE_NANOS);
        long[] counts = new long[BUCKETS + 1];
        synchronized (numbers) {
            for (int s = 0; s < SLICES; s++) {
                if (numbers[s] > newest - SLICES && numbers[s] <= newest) {
                    for (int i = 0; i <= BUCKETS; i++) {
                        counts[i] += slices[s].get(i);
                    }
                }
            }
        }
        return new StageLatency(stage, UPPER.clone(), counts, quantile(counts, 0.5), quantile(counts, 0.99));
    }

    /** Upper bound of the bucket that holds the quantile. */
    private static double quantile(long[] counts, double q) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return Double.NaN;
        }
        long left = (long) Math.ceil(q * total);
        for (int i = 0; i < BUCKETS; i++) {
            left -= counts[i];
            if (left <= 0) {
                return UPPER[i];
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
