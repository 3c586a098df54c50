package sightline.pipeline.metrics;

/**
 * How far a consumer is behind.
 *
 * @param topic what it reads
 * @param consumer who reads
 * @param seconds age of the oldest record that it has not taken
 * @param records how many it has not taken
 */
public record Lag(String topic, String consumer, double seconds, long records) {}
