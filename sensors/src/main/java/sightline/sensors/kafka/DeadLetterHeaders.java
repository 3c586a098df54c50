package sightline.sensors.kafka;

/** Headers that a dead letter carries on top of its own. */
public final class DeadLetterHeaders {
    public static final String TOPIC = "__connect.errors.topic";
    public static final String PARTITION = "__connect.errors.partition";
    public static final String OFFSET = "__connect.errors.offset";
    /** What was being tried. */
    public static final String STAGE = "__connect.errors.stage";

    public static final String EXCEPTION_CLASS = "__connect.errors.exception.class.name";
    public static final String EXCEPTION_MESSAGE = "__connect.errors.exception.message";
    public static final String EXCEPTION_TRACE = "__connect.errors.exception.stacktrace";
    /** SHA-256 of the original value, hexadecimal. */
    public static final String DIGEST = "x-dead-sha256";
    /** Which try of storing the letter succeeded, from 1. */
    public static final String ATTEMPT = "x-dead-attempt";
    /** Whether sending key, value and own headers again reproduces the record. */
    public static final String REPLAYABLE = "x-dead-replayable";
    /** Size of a value that was too large for the dead-letter topic and was left out. */
    public static final String OMITTED_BYTES = "x-dead-omitted-bytes";

    private DeadLetterHeaders() {}
}
