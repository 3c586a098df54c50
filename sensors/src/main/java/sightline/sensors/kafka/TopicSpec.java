package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;

/**
 * A topic to be created.
 *
 * @param name as in Kafka
 * @param partitions at least one
 * @param settings topic configuration
 */
public record TopicSpec(String name, int partitions, Map<String, String> settings) {
    private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(14);
    /** Dead letters carry their cause in headers on top of the original bytes. */
    private static final int DEAD_LETTER_HEADROOM = 64 << 10;

    public TopicSpec {
        settings = Map.copyOf(settings);
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " needs at least one partition, not " + partitions);
        }
    }

    /** A contract topic and its dead letters for a site of that many nodes and cameras. */
    public static List<TopicSpec> of(Topic topic, int nodes, int cameras) {
        var spec = new TopicSpec(topic.name(), partitions(topic, nodes, cameras), topic.settings());
        return List.of(spec, spec.deadLetters());
    }

    /** All topics of the contract and their dead letters. */
    public static List<TopicSpec> contract(int nodes, int cameras) {
        List<TopicSpec> specs = new ArrayList<>();
        for (Topic topic : Topics.ALL) {
            specs.addAll(of(topic, nodes, cameras));
        }
        return specs;
    }

    static int partitions(Topic topic, int nodes, int cameras) {
        return switch (topic.partitioning()) {
            case ONE -> 1;
            case PER_NODE -> Math.max(1, nodes);
            case PER_CAMERA -> Math.max(1, cameras);
        };
    }

    /** The topic that takes this topic's poison records. */
    TopicSpec deadLetters() {
        Map<String, String> kept = new TreeMap<>();
        kept.put("cleanup.policy", "delete");
        kept.put("compression.type", "producer");
        kept.put("retention.ms", Long.toString(DEAD_LETTER_RETENTION.toMillis()));
        String limit = settings.get("max.message.bytes");
        if (limit != null) {
            kept.put("max.message.bytes", Long.toString(Long.parseLong(limit) + DEAD_LETTER_HEADROOM));
        }
        return new TopicSpec(name + Topics.DEAD_LETTER_SUFFIX, 1, kept);
    }

    NewTopic toNewTopic() {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
    }
}
