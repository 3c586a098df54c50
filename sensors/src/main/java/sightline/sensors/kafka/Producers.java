package sightline.sensors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;

/**
 * One producer for each way of compressing, made when first needed.
 *
 * <p>Compression is a property of the producer, but the contract states it for each topic: JPEG does not shrink, tracks
 * do. All records of a topic go through one producer, so their order holds.
 */
final class Producers implements AutoCloseable {
    /** Most bytes that wait in one producer; who sends more waits. */
    static final long BUFFER_BYTES = 64L << 20;

    private static final String SETTING = "compression.type";
    private static final String NONE = "none";
    private static final Map<String, String> BY_TOPIC =
            Topics.ALL.stream().collect(Collectors.toUnmodifiableMap(Topic::name, Topic::compression));

    private final Map<String, Object> properties;
    private final Map<String, Producer<byte[], byte[]>> byCompression = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Producers(Map<String, Object> properties) {
        this.properties = Map.copyOf(properties);
    }

    /** Settings for live data: all replicas acknowledge, retries never duplicate, nothing waits to fill a batch. */
    static Map<String, Object> live(String bootstrapServers, String name) {
        Map<String, Object> p = Clients.common(bootstrapServers, name);
        p.put("acks", "all");
        p.put("enable.idempotence", true);
        p.put("linger.ms", 0);
        p.put("max.request.size", 9 << 20);
        p.put("buffer.memory", BUFFER_BYTES);
        return p;
    }

    static Producer<byte[], byte[]> open(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Topics outside the contract are not compressed. A setting given by the caller holds for all. */
    String compression(String topic) {
        return (String) properties.getOrDefault(SETTING, BY_TOPIC.getOrDefault(topic, NONE));
    }

    Producer<byte[], byte[]> of(String topic) {
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
        return byCompression.computeIfAbsent(compression(topic), this::with);
    }

    private Producer<byte[], byte[]> with(String compression) {
        Map<String, Object> p = new HashMap<>(properties);
        p.put(SETTING, compression);
        p.computeIfPresent("client.id", (key, name) -> name + "-" + compression);
        return open(p);
    }

    /** The most memory that the producers hold which were made so far. */
    long memoryBound() {
        return byCompression.size() * BUFFER_BYTES;
    }

    @Override
    public void close() {
        closed = true;
        byCompression.values().forEach(producer -> producer.close(Duration.ofSeconds(2)));
    }
}
