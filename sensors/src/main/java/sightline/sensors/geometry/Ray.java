package sightline.sensors.geometry;

import java.util.Optional;
import sightline.config.site.GroundPoint;

/**
 * A half line from a camera's centre through a pixel.
 *
 * @param origin centre of the camera
 * @param east component of the unit direction
 * @param north component of the unit direction
 * @param up component of the unit direction
 */
public record Ray(WorldPoint origin, double east, double north, double up) {
    /** Rays flatter than this never meet the ground at a distance that means anything. */
    private static final double HORIZON = 1e-6;

    static Ray towards(WorldPoint origin, double east, double north, double up) {
        double length = Math.sqrt(east * east + north * north + up * up);
        return new Ray(origin, east / length, north / length, up / length);
    }

    /** Where it meets the plane at that height; empty if it never does. */
    public Optional<GroundPoint> atHeight(double height) {
        double drop = height - origin.up();
        if (Math.abs(up) < HORIZON || drop / up <= 0) {
            return Optional.empty();
        }
        double along = drop / up;
        return Optional.of(new GroundPoint(origin.east() + along * east, origin.north() + along * north));
    }

    /** Direction over the ground, radians counter-clockwise from east. */
    public double bearing() {
        return Math.atan2(north, east);
    }
}
