package sightline.config.domain;

import java.util.List;
import java.util.Objects;

/**
 * Everything that one sensor measured at one exposure. An empty scan is information: the sensor looked and saw nothing.
 *
 * @param sensor configured sensor name
 * @param epoch start of the sensor's numbering
 * @param sequence counts within the epoch
 * @param time when
 * @param origin of the measurements
 * @param east position of the sensor at that time, metres (moving platforms; fixed sensors repeat it)
 * @param north position of the sensor at that time, metres
 * @param measurements what was seen
 * @param calibration version of the calibration that placed them
 * @param model digest of what found them; empty for sensors without a network
 */
public record Scan(
        String sensor,
        long epoch,
        long sequence,
        ObservationTime time,
        Origin origin,
        double east,
        double north,
        List<Measurement> measurements,
        String calibration,
        String model) {
    public Scan {
        Objects.requireNonNull(sensor, "sensor");
        measurements = List.copyOf(measurements);
    }

    public String id() {
        return sensor + "/" + epoch + "/" + sequence;
    }
}
