package sightline.pipeline.metrics;

import sightline.config.time.Stamp;

/**
 * Stamps of one sensor that a stage did not find in order.
 *
 * @param verdict what was wrong with them
 * @param count since the process began
 */
public record StampCount(String sensor, String stage, Stamp.Verdict verdict, long count) {}
