package sightline.config.site;

import java.util.Optional;

/**
 * A sensor of the roster.
 *
 * @param name configured id
 * @param kind what it is
 * @param node the fusion node that processes it
 * @param calibration cameras only
 * @param east position of the sensor, metres
 * @param north position of the sensor, metres
 * @param rangeMetres how far it sees; positive infinity where only the picture bounds it
 * @param detectionProbability of a target in view, in (0, 1)
 * @param clutterPerScan expected false detections in a scan
 */
public record SensorSpec(
        String name,
        Kind kind,
        String node,
        Optional<Calibration> calibration,
        double east,
        double north,
        double rangeMetres,
        double detectionProbability,
        double clutterPerScan) {
    /** What a sensor is. */
    public enum Kind {
        CAMERA,
        RADAR,
        LIDAR,
        BEARING,
        POSITION
    }
}
