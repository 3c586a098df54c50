package sightline.sensors.kafka;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Which partitions a {@link KafkaSource} reads, and who decides that. */
public sealed interface Intake {

    /**
     * The consumer group shares the topics' partitions among its members.
     *
     * @param id of the group
     * @param instance fixed member name (static membership): a restart within the session time-out moves nothing
     * @param topics to read
     * @param aligned true gives partition k of every topic to the same member (needed where one node reads its
     *     partition of several topics; all partitions move at a rebalance), false moves as few as possible
     */
    record Group(String id, Optional<String> instance, List<String> topics, boolean aligned) implements Intake {
        public Group {
            topics = List.copyOf(topics);
            if (topics.isEmpty()) {
                throw new IllegalArgumentException("group " + id + " needs at least one topic");
            }
        }
    }

    /**
     * Fixed partitions, outside any group; nothing is committed.
     *
     * @param topics read with all partitions that they have at the start
     * @param partitions read in addition
     * @param start where each partition begins
     */
    record Assigned(List<String> topics, List<TopicPartition> partitions, Start start) implements Intake {
        public Assigned {
            topics = List.copyOf(topics);
            partitions = List.copyOf(partitions);
            if (topics.isEmpty() && partitions.isEmpty()) {
                throw new IllegalArgumentException("an assignment needs a topic or a partition");
            }
        }
    }

    /** Where an assigned partition begins. */
    sealed interface Start {
        /** The oldest record that is still there. */
        record Oldest() implements Start {}

        /** The first record after the subscription. */
        record Newest() implements Start {}

        /** The first record whose timestamp is not before {@code time}; the newest where there is none. */
        record Since(Instant time) implements Start {}

        /** Given offsets; partitions without one begin at the oldest record. */
        record At(Map<TopicPartition, Long> offsets) implements Start {
            public At {
                offsets = Map.copyOf(offsets);
            }
        }
    }

    /** Members of {@code id} share the topics. */
    static Group group(String id, String... topics) {
        return new Group(id, Optional.empty(), Arrays.asList(topics), false);
    }

    /** Members of {@code id} share the topics, partition k of all of them together. */
    static Group alignedGroup(String id, String... topics) {
        return new Group(id, Optional.empty(), Arrays.asList(topics), true);
    }

    /** All partitions of one topic. */
    static Assigned all(String topic, Start start) {
        return new Assigned(List.of(topic), List.of(), start);
    }

    /** One partition. */
    static Assigned partition(String topic, int partition, Start start) {
        return new Assigned(List.of(), List.of(new TopicPartition(topic, partition)), start);
    }

    static Start oldest() {
        return new Start.Oldest();
    }

    static Start newest() {
        return new Start.Newest();
    }
}
