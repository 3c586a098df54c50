package sightline.sensors.kafka;

/** What became of an {@link Outbound}. */
public sealed interface Sent {
    Outbound outbound();

    /** Stored by the broker as the acknowledgement setting demands. */
    record Stored(Outbound outbound, int partition, long offset) implements Sent {}

    /** Not stored, for good: too large, no such topic, no permission, or the delivery time-out passed. */
    record Refused(Outbound outbound, Throwable cause) implements Sent {}
}
