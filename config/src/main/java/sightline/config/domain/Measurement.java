package sightline.config.domain;

/**
 * One thing that a sensor measured, in the site's frame (east, north in metres; angles in radians counter-clockwise from
 * east). Covariances are of the measured quantities.
 */
public sealed interface Measurement {
    /** Confidence of the sensor that it is no false alarm, 0..1; 1 where the sensor does not say. */
    double score();

    /**
     * A position on the ground.
     *
     * @param east metres
     * @param north metres
     * @param varEast square metres
     * @param covEastNorth square metres
     * @param varNorth square metres
     * @param score 0..1
     */
    record Position(double east, double north, double varEast, double covEastNorth, double varNorth, double score)
            implements Measurement {}

    /**
     * Range and bearing from a sensor's own position.
     *
     * @param range metres
     * @param bearing radians
     * @param varRange square metres
     * @param varBearing square radians
     * @param score 0..1
     */
    record RangeBearing(double range, double bearing, double varRange, double varBearing, double score)
            implements Measurement {}

    /**
     * Only a direction.
     *
     * @param bearing radians
     * @param varBearing square radians
     * @param score 0..1
     */
    record Bearing(double bearing, double varBearing, double score) implements Measurement {}
}
