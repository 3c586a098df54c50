package sightline.sensors.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the client that a session polls with. */
final class Consumers {
    private Consumers() {}

    static KafkaConsumer<byte[], byte[]> open(SourceOptions options, String label) {
        Map<String, Object> p = Clients.common(options.bootstrapServers(), label);
        p.putAll(options.profile().properties(options.maxPollRecords()));
        p.put("allow.auto.create.topics", false);
        p.put("metadata.max.age.ms", 30_000);
        if (options.intake() instanceof Intake.Group group) {
            p.put("group.id", group.id());
            group.instance().ifPresent(instance -> p.put("group.instance.id", instance));
            p.put("session.timeout.ms", 6_000);
            p.put("heartbeat.interval.ms", 1_000);
            // Range gives partition k of all topics to one member; sticky moves as little as possible.
            p.put(
                    "partition.assignment.strategy",
                    group.aligned() ? RangeAssignor.class.getName() : CooperativeStickyAssignor.class.getName());
        }
        p.putAll(options.overrides());
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
