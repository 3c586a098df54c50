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
 * @param confirmations how many detections, counted in powers of the false-alarm credibility, a new target needs:
 *     presence {@code F^(n-1)} against absence 1 at birth, so that n = 2.7 needs three; 0 for a sensor that may not
 *     start tracks
 * @param observations what was seen
 */
public record SensorScan(
        String sensor,
        long sequence,
        long timeNanos,
        Coverage coverage,
        double confirmations,
        List<Observation> observations)
        implements Comparable<SensorScan> {
    public SensorScan {
        Objects.requireNonNull(sensor, "sensor");
        Objects.requireNonNull(coverage, "coverage");
        if (!(confirmations == 0 || confirmations >= 1)) {
            throw new IllegalArgumentException("confirmations " + confirmations + " is neither 0 nor at least 1");
        }
        observations = List.copyOf(observations);
    }

    /** The one order in which scans are applied: exposure, then sensor, then sequence. */
    @Override
    public int compareTo(SensorScan other) {
        int order = Long.compare(timeNanos, other.timeNanos);
        order = order != 0 ? order : sensor.compareTo(other.sensor);
        return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
}
