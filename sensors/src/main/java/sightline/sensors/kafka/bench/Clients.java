package sightline.sensors.kafka.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;

/** The contenders' clients, both with the consumer profile for video. */
final class Clients {
    private static final int LARGEST_FRAME = 1 << 20;
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private Clients() {}

    static Consumer<byte[], byte[]> bare(String address, String topic) {
        var consumer = bare(address);
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    static Consumer<byte[], byte[]> bareFromEnd(String address, String topic) {
        var consumer = bare(address);
        consumer.assign(partitions(topic));
        consumer.seekToEnd(partitions(topic));
        partitions(topic).forEach(consumer::position);
        return consumer;
    }

    private static Consumer<byte[], byte[]> bare(String address) {
        Map<String, Object> p = new HashMap<>();
        p.put("bootstrap.servers", address);
        p.put("group.id", group());
        p.put("enable.auto.commit", false);
        p.put("auto.offset.reset", "earliest");
        p.put("fetch.min.bytes", 1);
        p.put("fetch.max.wait.ms", 10);
        p.put("max.partition.fetch.bytes", 2 * LARGEST_FRAME);
        p.put("fetch.max.bytes", 2 * LARGEST_FRAME * BridgeBench.PARTITIONS);
        p.put("max.poll.records", 64);
        p.put("receive.buffer.bytes", 1 << 20);
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static KafkaSource bridge(String address, String topic) {
        return KafkaSource.builder(address)
                .name("bench")
                .intake(Intake.group(group(), topic))
                .profile(ConsumerProfile.video(LARGEST_FRAME, BridgeBench.PARTITIONS)
                        .fromStartOfTopic())
                .build();
    }

    /** @param ready told once nothing that is written from then on can be missed */
    static KafkaSource bridgeFromEnd(String address, String topic, AtomicBoolean ready) {
        return KafkaSource.builder(address)
                .name("bench")
                .intake(Intake.all(topic, Intake.newest()))
                .profile(ConsumerProfile.video(LARGEST_FRAME, BridgeBench.PARTITIONS))
                .observer(new Readiness(ready))
                .build();
    }

    static Producer<byte[], byte[]> producer(String address) {
        Map<String, Object> p = Map.of("bootstrap.servers", address, "linger.ms", 0, "max.request.size", LARGEST_FRAME);
        return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, BridgeBench.PARTITIONS)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
    }

    private static String group() {
        return "bench-" + GROUPS.incrementAndGet();
    }
}
