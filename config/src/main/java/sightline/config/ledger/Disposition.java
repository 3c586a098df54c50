package sightline.config.ledger;

/** How an observation left a stage. Each of them also acknowledges the record that carried it. */
public enum Disposition {
    /** Its result is safe: acknowledged by Kafka, or handed to the next stage where there is no Kafka. */
    DONE,
    /** A newer observation of the same camera took its place before work on it began. */
    SUPERSEDED,
    /** It was older than the stage accepts. */
    STALE,
    /** It could not be understood: corrupt, oversized, unknown version. */
    INVALID,
    /** Work on it was begun and broke off. */
    FAILED
}
