package sightline.config.contract;

import java.time.Duration;
import java.util.Map;

/**
 * A topic of the contract: its name, what keys it, and the settings it is created with.
 *
 * @param name as in Kafka
 * @param key what the record key is, for people
 * @param partitioning how many partitions a site needs
 * @param cleanup {@code cleanup.policy}
 * @param retention {@code retention.ms}; zero leaves the broker's default
 * @param compression producer's {@code compression.type}
 * @param maxMessageBytes {@code max.message.bytes}
 */
public record Topic(
        String name,
        String key,
        Partitioning partitioning,
        String cleanup,
        Duration retention,
        String compression,
        int maxMessageBytes) {
    /** How many partitions a site needs. */
    public enum Partitioning {
        ONE,
        PER_NODE,
        PER_CAMERA
    }

    /** The topic's configuration as Kafka's admin client takes it. */
    public Map<String, String> settings() {
        var settings = new java.util.TreeMap<String, String>();
        settings.put("cleanup.policy", cleanup);
        settings.put("compression.type", "producer");
        settings.put("message.timestamp.type", "CreateTime");
        settings.put("max.message.bytes", Integer.toString(maxMessageBytes));
        if (!retention.isZero()) {
            settings.put("retention.ms", Long.toString(retention.toMillis()));
        }
        return settings;
    }

    public String deadLetters() {
        return name + Topics.DEAD_LETTER_SUFFIX;
    }
}
