package sightline.pipeline.topology;

/** A running part of the pipeline. Closing it stops it within a second and frees all it holds; closing twice is fine. */
public interface Stage extends AutoCloseable {
    /** Its name in metrics, readiness and the ledger. */
    String name();

    /** Empty when it does its work, else one sentence that says why not. */
    String trouble();

    @Override
    void close();
}
