package sightline.operators.phd;

import java.util.List;
import java.util.Objects;

/**
 * All that one sensor observed at one exposure, with what is known of the sensor at that time. Immutable. An empty list
 * is information: the sensor looked and saw nothing.
 *
 * @param sensor configured name
 * @param sequence number of the scan at the sensor, tells copies apart
 * @param timeNanos exposure time
 * @param coverage where it sees and how surely
 * @param logBirth log-credibility, before any observation, that there is an unknown target anywhere; negative infinity
 *     for a sensor that may not start tracks. A first observation gives a track the presence {@code w_b / F_fa} against
 *     an absence of 1, so {@code w_b = F_fa^n} asks for about n detections
 * @param observations what was seen
 */
public record SensorScan(
        String sensor,
        long sequence,
        long timeNanos,
        Coverage coverage,
        double logBirth,
        List<Observation> observations)
        implements Comparable<SensorScan> {
    public SensorScan {
        Objects.requireNonNull(sensor, "sensor");
        Objects.requireNonNull(coverage, "coverage");
        if (!(logBirth <= 0)) {
            throw new IllegalArgumentException("log-credibility of birth " + logBirth + " is above 0");
        }
        observations = List.copyOf(observations);
    }

    /** Whether observations of this scan may start tracks. */
    public boolean startsTracks() {
        return logBirth > Double.NEGATIVE_INFINITY;
    }

    /** The one order in which scans are applied: exposure, then sensor, then sequence. */
    @Override
    public int compareTo(SensorScan other) {
        int order = Long.compare(timeNanos, other.timeNanos);
        order = order != 0 ? order : sensor.compareTo(other.sensor);
        return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
}
