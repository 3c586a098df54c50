package sightline.sensors.kafka;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What happens together or not at all: records written and the offsets of what they were made from.
 *
 * @param records in the order they are written
 * @param offsets next positions of the inputs, as {@link KafkaSource#completed()} gives them
 * @param membership of the group whose offsets they are; it proves that the partitions are still ours
 */
public record Tick(
        List<Outbound> records,
        Map<TopicPartition, OffsetAndMetadata> offsets,
        Optional<ConsumerGroupMetadata> membership) {

    public Tick {
        records = List.copyOf(records);
        offsets = Map.copyOf(offsets);
        Objects.requireNonNull(membership, "membership");
        if (!offsets.isEmpty() && membership.isEmpty()) {
            throw new IllegalArgumentException("offsets need the membership of the group that they belong to");
        }
    }

    /** Records alone. */
    public static Tick of(List<Outbound> records) {
        return new Tick(records, Map.of(), Optional.empty());
    }
}
