package sightline.config.contract;

/**
 * Header names. CloudEvents binary mode and W3C trace context where they have a name for it, our own with {@code x-}
 * where they have none.
 */
public final class Headers {
    public static final String CE_ID = "ce_id";
    public static final String CE_SOURCE = "ce_source";
    public static final String CE_TYPE = "ce_type";
    public static final String CE_SPECVERSION = "ce_specversion";
    /** Exposure time, RFC 3339 with nanoseconds. */
    public static final String CE_TIME = "ce_time";

    public static final String CE_SEQUENCE = "ce_sequence";
    /** Reference into the evidence store where the payload is too large to travel. */
    public static final String CE_DATAREF = "ce_dataref";

    public static final String CONTENT_TYPE = "content-type";
    public static final String TRACEPARENT = "traceparent";

    public static final String EPOCH = "x-epoch-ns";
    public static final String CLOCK_ID = "x-clock-id";
    public static final String CLOCK_SIGMA = "x-clock-sigma-ns";
    public static final String RECEIVED = "x-received-ns";
    public static final String WIDTH = "x-width";
    public static final String HEIGHT = "x-height";
    public static final String CALIBRATION = "x-calibration-version";
    public static final String ORIGIN = "x-origin";
    public static final String SCHEMA = "x-schema";
    public static final String SHA256 = "x-sha256";

    /** Why a record on a dead-letter topic is there: the contract's message DeadLetter, in protobuf. */
    public static final String DEAD_LETTER = "x-dead-letter";

    /** Values of {@link #CE_TYPE} on the frame topic. */
    public static final String TYPE_FRAME = "sightline.frame";
    /** A record on the sensor's own partition that says: nothing new, still here, time is now this. */
    public static final String TYPE_HEARTBEAT = "sightline.heartbeat";

    private Headers() {}
}
