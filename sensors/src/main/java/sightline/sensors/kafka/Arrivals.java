package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Brings an assigned consumer to its start, waiting for a broker or topic that is not there yet. */
final class Arrivals {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final Consumer<?, ?> consumer;
    private final Intake.Assigned intake;
    private final BooleanSupplier stopped;
    private final Runnable pause;

    /** @param pause waits a little between two attempts */
    Arrivals(Consumer<?, ?> consumer, Intake.Assigned intake, BooleanSupplier stopped, Runnable pause) {
        this.consumer = consumer;
        this.intake = intake;
        this.stopped = stopped;
        this.pause = pause;
    }

    /** Assigns and seeks. @return the ends that the partitions had then; empty if stopped meanwhile */
    Map<TopicPartition, Long> arrive() {
        while (!stopped.getAsBoolean()) {
            try {
                List<TopicPartition> partitions = resolve();
                if (!partitions.isEmpty()) {
                    consumer.assign(partitions);
                    return seek(partitions);
                }
            } catch (TimeoutException e) {
                // Nobody there yet: a pipeline may start before its broker.
            }
            pause.run();
        }
        return Map.of();
    }

    private List<TopicPartition> resolve() {
        List<TopicPartition> partitions = new ArrayList<>(intake.partitions());
        for (String topic : intake.topics()) {
            List<PartitionInfo> found = consumer.partitionsFor(topic, PATIENCE);
            if (found == null || found.isEmpty()) {
                return List.of();
            }
            found.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        return partitions;
    }

    private Map<TopicPartition, Long> seek(List<TopicPartition> partitions) {
        // Seeking to the end is lazy in the client and would skip what arrives before the first poll: ask now.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
        switch (intake.start()) {
            case Intake.Start.Oldest oldest -> consumer.seekToBeginning(partitions);
            case Intake.Start.Newest newest -> ends.forEach(consumer::seek);
            case Intake.Start.Since since -> seekSince(since, partitions, ends);
            case Intake.Start.At at -> seekTo(at, partitions);
        }
        return ends;
    }

    private void seekSince(Intake.Start.Since since, List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> times = partitions.stream()
                .collect(Collectors.toMap(p -> p, p -> since.time().toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, PATIENCE);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp at = found.get(partition);
            consumer.seek(partition, at == null ? ends.get(partition) : at.offset());
        }
    }

    private void seekTo(Intake.Start.At at, List<TopicPartition> partitions) {
        Map<Boolean, List<TopicPartition>> known =
                partitions.stream().collect(Collectors.partitioningBy(at.offsets()::containsKey));
        known.get(true).forEach(p -> consumer.seek(p, at.offsets().get(p)));
        if (!known.get(false).isEmpty()) {
            consumer.seekToBeginning(known.get(false));
        }
    }

    /** Forgets the partitions whose end is reached. */
    static void strikeReached(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        for (TopicPartition partition : new HashMap<>(ends).keySet()) {
            OptionalLong position = position(consumer, partition);
            if (position.isPresent() && position.getAsLong() >= ends.get(partition)) {
                ends.remove(partition);
            }
        }
    }

    private static OptionalLong position(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return OptionalLong.of(consumer.position(partition, PATIENCE));
        } catch (TimeoutException e) {
            return OptionalLong.empty();
        }
    }
}
