package sightline.pipeline.topology;

import java.util.List;
import sightline.pipeline.metrics.MemoryLine;

/** A running part of the pipeline. Closing it stops it within a second and frees all it holds; closing twice is fine. */
public interface Stage extends AutoCloseable {
    /** Its name in metrics, readiness and the ledger. */
    String name();

    /** Empty when it does its work, else one sentence that says why not. */
    String trouble();

    /** Its bounded memory: what is used of it now where that is counted, and the most that it can be. */
    default List<MemoryLine> memory() {
        return List.of();
    }

    @Override
    void close();
}
