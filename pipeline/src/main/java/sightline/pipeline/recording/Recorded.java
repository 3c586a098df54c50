package sightline.pipeline.recording;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sightline.config.contract.Headers;
import sightline.config.time.Instants;
import sightline.sensors.kafka.Inbound;

/**
 * A Kafka record as it was.
 *
 * @param headers by name, as text
 * @param value not to be changed; null where the record deletes its key
 */
public record Recorded(
        String topic,
        int partition,
        long offset,
        String key,
        long timestampMillis,
        Map<String, String> headers,
        byte[] value) {
    public Recorded {
        headers = Map.copyOf(headers);
    }

    static Recorded of(Inbound inbound) {
        Map<String, String> headers = new TreeMap<>();
        inbound.headers().forEach(h -> inbound.header(h.key()).ifPresent(text -> headers.put(h.key(), text)));
        return new Recorded(
                inbound.topic(),
                inbound.partition(),
                inbound.offset(),
                inbound.key(),
                inbound.timestampMillis(),
                headers,
                inbound.tombstone() ? null : inbound.value());
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** When it was exposed: to the nanosecond where the header says so, else the record's own millisecond. */
    public long exposureNanos() {
        try {
            return header(Headers.CE_TIME).map(Instants::parse).orElse(timestampMillis * 1_000_000);
        } catch (java.time.format.DateTimeParseException | ArithmeticException e) {
            return timestampMillis * 1_000_000;
        }
    }
}
