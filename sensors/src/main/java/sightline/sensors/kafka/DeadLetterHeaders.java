package sightline.sensors.kafka;

/**
 * Kafka Connect's names for why a record is among the dead letters, on top of its own headers and of the contract's {@link
 * sightline.config.contract.Headers#DEAD_LETTER}, which says the same and more.
 */
public final class DeadLetterHeaders {
    public static final String TOPIC = "__connect.errors.topic";
    public static final String PARTITION = "__connect.errors.partition";
    public static final String OFFSET = "__connect.errors.offset";
    /** What was being tried. */
    public static final String STAGE = "__connect.errors.stage";

    public static final String EXCEPTION_CLASS = "__connect.errors.exception.class.name";
    public static final String EXCEPTION_MESSAGE = "__connect.errors.exception.message";
    public static final String EXCEPTION_TRACE = "__connect.errors.exception.stacktrace";

    private DeadLetterHeaders() {}
}
