package sightline.sensors.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * One record to be written.
 *
 * @param topic where to
 * @param partition set where the contract sets it (from the site), empty to let the key decide
 * @param timestampMillis exposure time in milliseconds since the epoch, UTC
 * @param key UTF-8 on the wire; empty for none
 * @param value the bytes, not copied: do not write to them before the record is acknowledged; null deletes the key
 *     of a compacted topic
 * @param headers in the order of their names
 */
public record Outbound(
        String topic,
        OptionalInt partition,
        long timestampMillis,
        String key,
        byte[] value,
        Map<String, String> headers) {

    public Outbound {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(key, "key");
        headers = Map.copyOf(headers);
    }

    /** A record whose key decides its partition. */
    public static Outbound keyed(String topic, String key, long timestampMillis, byte[] value) {
        return new Outbound(topic, OptionalInt.empty(), timestampMillis, key, value, Map.of());
    }

    /** The same on a given partition. */
    public Outbound on(int chosen) {
        return new Outbound(topic, OptionalInt.of(chosen), timestampMillis, key, value, headers);
    }

    /** The same with other headers. */
    public Outbound with(Map<String, String> others) {
        return new Outbound(topic, partition, timestampMillis, key, value, others);
    }

    /** The same with one header more; an empty value adds none. */
    public Outbound with(String header, String value) {
        if (value.isEmpty()) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return with(more);
    }

    ProducerRecord<byte[], byte[]> toRecord() {
        var out = new RecordHeaders();
        new TreeMap<>(headers).forEach((name, text) -> out.add(name, text.getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(
                topic,
                partition.isPresent() ? partition.getAsInt() : null,
                timestampMillis,
                key.isEmpty() ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                out);
    }
}
