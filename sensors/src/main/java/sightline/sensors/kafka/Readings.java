package sightline.sensors.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that are being read, and which of them are paused.
 *
 * <p>The pause lives here and not in the client, which forgets it when a partition leaves and returns: each rebalance
 * applies it anew, to newly assigned partitions too.
 */
final class Readings {
    private final Map<TopicPartition, Reading> readings = new ConcurrentHashMap<>();
    private final int window;
    private final int maxInFlight;
    private final int maxPollRecords;
    private boolean reading;

    Readings(SourceOptions options) {
        this.window = options.window();
        this.maxInFlight = options.maxInFlight();
        this.maxPollRecords = options.maxPollRecords();
    }

    void add(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        List<TopicPartition> toPause = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            var entry = new Reading(partition);
            entry.paused = !reading;
            if (entry.paused) {
                toPause.add(partition);
            }
            readings.put(partition, entry);
        }
        consumer.pause(toPause);
    }

    /** Forgets partitions; their queued records will be released instead of delivered. */
    void remove(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Reading gone = readings.remove(partition);
            if (gone != null) {
                gone.window.revoke();
            }
        }
    }

    Reading of(TopicPartition partition) {
        return readings.get(partition);
    }

    Collection<Reading> all() {
        return readings.values();
    }

    boolean isEmpty() {
        return readings.isEmpty();
    }

    /**
     * Pauses and resumes so that only partitions with room are fetched.
     *
     * @param wanted false pauses everything
     * @return how many partitions are active now
     */
    int regulate(Consumer<?, ?> consumer, boolean wanted) {
        reading = wanted;
        int share = share();
        int active = 0;
        List<TopicPartition> toPause = List.of();
        List<TopicPartition> toResume = List.of();
        for (Reading entry : readings.values()) {
            boolean pause = !wanted || !room(entry, share);
            if (!pause) {
                active++;
            }
            if (pause != entry.paused) {
                entry.paused = pause;
                if (pause) {
                    toPause = add(toPause, entry.partition);
                } else {
                    toResume = add(toResume, entry.partition);
                }
            }
        }
        if (!toPause.isEmpty()) {
            consumer.pause(toPause);
        }
        if (!toResume.isEmpty()) {
            consumer.resume(toResume);
        }
        return active;
    }

    /** True if some partition would be fetched, were it wanted. Safe from any thread. */
    boolean anyRoom() {
        int share = share();
        return readings.values().stream().anyMatch(entry -> room(entry, share));
    }

    private boolean room(Reading entry, int share) {
        return entry.window.span() < window && entry.window.open() < share;
    }

    /** No partition may take all that may be in flight, or one stuck camera would starve the others. */
    private int share() {
        int partitions = readings.size();
        return partitions <= 1 ? maxInFlight : Math.max(maxPollRecords, 2 * maxInFlight / (partitions + 1));
    }

    private static List<TopicPartition> add(List<TopicPartition> list, TopicPartition partition) {
        List<TopicPartition> grown = list.isEmpty() ? new ArrayList<>() : list;
        grown.add(partition);
        return grown;
    }

    Map<TopicPartition, OffsetAndMetadata> completed() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        readings.forEach((partition, entry) ->
                entry.window.completed().ifPresent(completed -> offsets.put(partition, completed)));
        return offsets;
    }
}
