package sightline.sensors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import sightline.sensors.broker.EmbeddedBroker;

/** One broker for all tests of this JVM that leave it alive; topics and groups get fresh names instead. */
final class SharedBroker {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static EmbeddedBroker broker;

    private SharedBroker() {}

    static synchronized String address() {
        if (broker == null) {
            // Generous, since a busy machine is no failure; tests of time limits state theirs.
            Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
            try {
                broker = EmbeddedBroker.temporary();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        }
        return broker.bootstrapServers();
    }

    static String fresh(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    static String topic(int partitions) {
        return topic(partitions, Map.of());
    }

    static String topic(int partitions, Map<String, String> settings) {
        String name = fresh("topic");
        try (var admin = TopicAdmin.connect(address())) {
            admin.createMissing(List.of(new TopicSpec(name, partitions, settings)));
        }
        return name;
    }

    /** Writes {@code count} records "0", "1", ... round robin over the partitions. */
    static void fill(String topic, int partitions, int count) {
        fill(address(), topic, partitions, 0, count);
    }

    static void fill(String address, String topic, int partitions, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(new ProducerRecord<>(
                    topic,
                    i % partitions,
                    ("key" + i % 7).getBytes(UTF_8),
                    Integer.toString(i).getBytes(UTF_8)));
        }
        write(address, records);
    }

    static void write(String address, List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> properties = Map.of("bootstrap.servers", address, "max.request.size", 9 << 20);
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            records.forEach(producer::send);
            producer.flush();
        }
    }

    static Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        try (var admin = TopicAdmin.connect(address())) {
            return admin.await(
                    "list offsets",
                    admin.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        }
    }

    static long committed(String group, String topic, int partition) {
        OffsetAndMetadata offset = committed(group).get(new TopicPartition(topic, partition));
        return offset == null ? 0 : offset.offset();
    }

    static int number(Inbound inbound) {
        return Integer.parseInt(new String(inbound.value(), UTF_8));
    }
}
