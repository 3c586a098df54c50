package sightline.sensors.kafka;

/** Who commits the offsets of a consumer group. */
public enum CommitMode {
    /** The source commits what is completed, at intervals, at revocation and at the end. */
    PERIODIC,
    /** Nobody but the caller, who takes them from {@link KafkaSource#completed()} into a transaction. */
    TRANSACTION
}
