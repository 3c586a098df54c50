package sightline.pipeline.web;

import io.vertx.core.json.JsonArray;
import sightline.pipeline.web.SystemFacts.StageLatency;

/**
 * Exposure-to-page: pages report how long after its exposure they painted a tick, by the server's clock (they estimate
 * their offset from the round trip of a ping). Buckets grow by the fourth root of two, from 1 ms to 16 s.
 *
 * <p>Safe for any thread.
 */
final class PageDelays {
    private static final int BUCKETS = 57;
    private static final int MOST_A_REPORT = 64;
    private static final double[] UPPER = new double[BUCKETS];

    static {
        for (int i = 0; i < BUCKETS; i++) {
            UPPER[i] = 0.001 * Math.pow(2, i / 4.0);
        }
    }

    private final long[] counts = new long[BUCKETS + 1];

    /** Takes a report in milliseconds; nonsense in it is left out. */
    synchronized void report(JsonArray millis) {
        for (int i = 0; i < Math.min(millis.size(), MOST_A_REPORT); i++) {
            if (millis.getValue(i) instanceof Number n && Double.isFinite(n.doubleValue()) && n.doubleValue() >= 0) {
                add(n.doubleValue() / 1000);
            }
        }
    }

    private void add(double seconds) {
        int bucket = 0;
        while (bucket < BUCKETS && seconds > UPPER[bucket]) {
            bucket++;
        }
        counts[bucket]++;
    }

    synchronized StageLatency snapshot() {
        return new StageLatency("exposure-to-page", UPPER.clone(), counts.clone(), quantile(0.5), quantile(0.99));
    }

    /** Upper bound of the bucket that holds the quantile. */
    private double quantile(double q) {
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
