package sightline.sensors.kafka;

import java.util.Map;
import java.util.OptionalLong;

/**
 * A topic as the cluster has it.
 *
 * @param name as in Kafka
 * @param partitions how many there are
 * @param replicas the smallest replica set among the partitions
 * @param settings effective settings, the broker's defaults included
 */
public record TopicState(String name, int partitions, int replicas, Map<String, String> settings) {

    /** A numeric setting, for instance {@code max.message.bytes}. */
    public OptionalLong number(String setting) {
        String value = settings.get(setting);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }
}
