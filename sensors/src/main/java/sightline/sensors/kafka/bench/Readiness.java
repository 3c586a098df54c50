package sightline.sensors.kafka.bench;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import sightline.sensors.kafka.SourceObserver;

/** Set once a source that starts at the end can miss nothing that is written from then on. */
record Readiness(AtomicBoolean flag) implements SourceObserver {
    @Override
    public void assigned(Collection<TopicPartition> partitions) {
        flag.set(true);
    }
}
