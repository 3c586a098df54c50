package sightline.pipeline.web;

import java.util.List;

/**
 * Figures of the running system at one moment.
 *
 * @param ledger one row a camera and stage
 * @param latencies one histogram a stage
 * @param lags one entry a topic and consumer
 * @param memory the memory budget and what is used of it
 * @param models the networks in use
 * @param notes plain sentences that people should know (no weights found, detections are simulated); may be empty
 */
public record SystemFacts(
        List<LedgerRow> ledger,
        List<StageLatency> latencies,
        List<Lag> lags,
        List<MemoryLine> memory,
        List<Model> models,
        List<String> notes) {
    public static final SystemFacts NONE =
            new SystemFacts(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public SystemFacts {
        ledger = List.copyOf(ledger);
        latencies = List.copyOf(latencies);
        lags = List.copyOf(lags);
        memory = List.copyOf(memory);
        models = List.copyOf(models);
        notes = List.copyOf(notes);
    }

    /**
     * What became of the frames of one camera in one stage, counted since the start.
     *
     * @param camera sensor name
     * @param stage where
     */
    public record LedgerRow(
            String camera,
            String stage,
            long received,
            long inFlight,
            long done,
            long superseded,
            long stale,
            long invalid,
            long failed,
            long redelivered) {
        /** Frames that nobody can tell the fate of; held at 0. */
        public long unaccounted() {
            return received - inFlight - done - superseded - stale - invalid - failed;
        }
    }

    /**
     * A latency histogram. {@code counts} has one more entry than {@code upperSeconds}: the last one is beyond all bounds.
     *
     * @param stage what is measured; {@code exposure-to-fused} is the headline
     * @param upperSeconds upper bounds of the buckets, rising
     * @param counts observations in each bucket, not accumulated
     * @param p50Seconds median, NaN without observations
     * @param p99Seconds 99th percentile, NaN without observations
     */
    public record StageLatency(
            String stage, double[] upperSeconds, long[] counts, double p50Seconds, double p99Seconds) {
        public StageLatency {
            if (counts.length != upperSeconds.length + 1) {
                throw new IllegalArgumentException(
                        counts.length + " counts for " + upperSeconds.length + " bounds of " + stage);
            }
        }
    }

    /**
     * How far a consumer is behind.
     *
     * @param topic what it reads
     * @param consumer who reads
     * @param seconds age of the oldest record that it has not taken
     * @param records how many it has not taken
     */
    public record Lag(String topic, String consumer, double seconds, long records) {}

    /**
     * One line of the memory budget.
     *
     * @param what owner of the memory
     * @param kind heap, direct, native or device
     * @param used bytes now
     * @param limit bytes at most
     */
    public record MemoryLine(String what, String kind, long used, long limit) {}

    /**
     * A network in use.
     *
     * @param role detector, poses, segmentation
     * @param name of the model card
     * @param digest of weights and graph
     * @param engine which engine runs it
     * @param device what it runs on
     */
    public record Model(String role, String name, String digest, String engine, String device) {}
}
