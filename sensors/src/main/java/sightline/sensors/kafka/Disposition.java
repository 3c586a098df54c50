package sightline.sensors.kafka;

/** How a record left the bridge. */
public enum Disposition {
    /** Its effect is done; the offset may be committed. */
    ACKNOWLEDGED,
    /** Dropped on purpose by an operator downstream, and acknowledged: a newer one took its place. */
    DISCARDED,
    /** Copied to the dead-letter topic with its cause, then acknowledged. */
    DEAD_LETTERED,
    /** Let go without acknowledgement, at cancellation or revocation; somebody will read it again. */
    RELEASED
}
