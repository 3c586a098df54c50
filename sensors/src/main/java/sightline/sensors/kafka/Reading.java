package sightline.sensors.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A partition that is being read. All but the window belongs to the polling thread. */
final class Reading {
    final TopicPartition partition;
    final CompletionWindow window = new CompletionWindow();
    boolean paused;
    OffsetAndMetadata committed;

    Reading(TopicPartition partition) {
        this.partition = partition;
    }

    /** What is completed and not committed yet, or null. */
    OffsetAndMetadata uncommitted() {
        OffsetAndMetadata completed = window.completed().orElse(null);
        return completed == null || completed.equals(committed) ? null : completed;
    }
}
