package sightline.pipeline.web;

import java.util.List;
import sightline.config.ledger.LedgerRow;
import sightline.pipeline.metrics.Lag;
import sightline.pipeline.metrics.MemoryLine;
import sightline.pipeline.metrics.StageLatency;

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
