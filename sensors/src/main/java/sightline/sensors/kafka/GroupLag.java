package sightline.sensors.kafka;

/**
 * How far a consumer group is behind on a topic, its worst partition counting for the seconds.
 *
 * @param group who reads
 * @param topic what it reads
 * @param seconds about how long ago the oldest record that is not committed was written; 0 when nothing waits
 * @param records written and not committed, over all partitions
 */
public record GroupLag(String group, String topic, double seconds, long records) {}
