package sightline.sensors.geometry;

/**
 * A point in the site's frame.
 *
 * @param east metres
 * @param north metres
 * @param up metres above the ground
 */
public record WorldPoint(double east, double north, double up) {
    public static WorldPoint ground(double east, double north) {
        return new WorldPoint(east, north, 0);
    }
}
