package sightline.config.domain;

import java.util.Objects;

/**
 * The times of one observation. Exposure is what counts: fusion, ordering and frame age all use it. Receive and
 * processing time exist to measure delay, never to stand in for exposure.
 *
 * @param exposureNanos middle of the exposure, nanoseconds since the Unix epoch, UTC
 * @param sigmaNanos standard deviation of the exposure time; 0 says the clock is the reference
 * @param clockId which clock stamped it
 * @param receivedNanos when this system first saw it; 0 if it did not yet
 * @param processedNanos when the stage that made the record finished; 0 if it did not yet
 */
public record ObservationTime(
        long exposureNanos, long sigmaNanos, String clockId, long receivedNanos, long processedNanos) {
    public ObservationTime {
        Objects.requireNonNull(clockId, "clockId");
        if (sigmaNanos < 0) {
            throw new IllegalArgumentException("sigmaNanos " + sigmaNanos + " is negative");
        }
    }

    public static ObservationTime at(long exposureNanos, String clockId) {
        return new ObservationTime(exposureNanos, 0, clockId, 0, 0);
    }

    public ObservationTime received(long nanos) {
        return new ObservationTime(exposureNanos, sigmaNanos, clockId, nanos, processedNanos);
    }

    public ObservationTime processed(long nanos) {
        return new ObservationTime(exposureNanos, sigmaNanos, clockId, receivedNanos, nanos);
    }
}
