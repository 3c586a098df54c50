package sightline.sensors.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what is completed. Belongs to the polling thread.
 *
 * <p>One asynchronous commit is under way at a time, so an older one can't overtake a newer one. A commit that fails is
 * simply made again at the next interval: nothing is lost by it but, after a crash, some work is repeated.
 */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private final Readings readings;
    private final long intervalNanos;
    private final boolean enabled;
    private long nextNanos;
    private boolean underWay;

    Commits(Readings readings, SourceOptions options) {
        this.readings = readings;
        this.intervalNanos = options.commitInterval().toNanos();
        this.enabled = options.inGroup() && options.commits() == CommitMode.PERIODIC;
        this.nextNanos = System.nanoTime() + intervalNanos;
    }

    void tick(Consumer<?, ?> consumer) {
        if (!enabled || underWay || System.nanoTime() - nextNanos < 0) {
            return;
        }
        nextNanos = System.nanoTime() + intervalNanos;
        var offsets = uncommitted(readings.all());
        if (offsets.isEmpty()) {
            return;
        }
        underWay = true;
        consumer.commitAsync(offsets, (committed, failure) -> {
            underWay = false;
            if (failure == null) {
                record(committed);
            } else {
                LOG.debug("commit will be repeated: {}", failure.toString());
            }
        });
    }

    /** Commits these partitions now, within {@code timeout}; failure is logged and costs repeated work only. */
    void flush(Consumer<?, ?> consumer, Collection<Reading> which, Duration timeout) {
        if (!enabled) {
            return;
        }
        var offsets = uncommitted(which);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            commit(consumer, offsets, timeout);
        } catch (KafkaException e) {
            LOG.info("{} completed offsets were not committed and will be worked on again: {}", offsets, e.toString());
        }
    }

    private void commit(Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        try {
            consumer.commitSync(offsets, timeout);
        } catch (WakeupException e) {
            // Cancellation woke this call instead of the poll; the flag is spent, so the second try runs through.
            consumer.commitSync(offsets, timeout);
        }
        record(offsets);
    }

    private void record(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            Reading entry = readings.of(partition);
            if (entry != null) {
                entry.committed = offset;
            }
        });
    }

    private static Map<TopicPartition, OffsetAndMetadata> uncommitted(Collection<Reading> which) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Reading entry : which) {
            OffsetAndMetadata offset = entry.uncommitted();
            if (offset != null) {
                offsets.put(entry.partition, offset);
            }
        }
        return offsets;
    }
}
