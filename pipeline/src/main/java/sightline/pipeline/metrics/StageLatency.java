package sightline.pipeline.metrics;

/**
 * A latency histogram over about the last minute. {@code counts} has one more entry than {@code upperSeconds}: the last one
 * is beyond all bounds. The arrays belong to the record and are not written to.
 *
 * @param stage what is measured
 * @param upperSeconds upper bounds of the buckets, rising
 * @param counts observations in each bucket, not accumulated
 * @param p50Seconds median, NaN without observations
 * @param p99Seconds 99th percentile, NaN without observations
 */
public record StageLatency(String stage, double[] upperSeconds, long[] counts, double p50Seconds, double p99Seconds) {
    /** From the middle of the exposure to the fused tick that used it: the headline. */
    public static final String EXPOSURE_TO_FUSED = "exposure-to-fused";

    /** From the middle of the exposure to the painted tick, as pages report it. */
    public static final String EXPOSURE_TO_PAGE = "exposure-to-page";

    public StageLatency {
        if (counts.length != upperSeconds.length + 1) {
            throw new IllegalArgumentException(
                    counts.length + " counts for " + upperSeconds.length + " bounds of " + stage);
        }
    }
}
