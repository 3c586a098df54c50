package sightline.config.domain;

/**
 * Where a depiction is seen from: a camera of the site or any other place.
 *
 * @param name camera name, {@code above}, or what the asker calls it
 * @param east of the eye, metres
 * @param north of the eye, metres
 * @param up of the eye above the ground, metres
 * @param yaw direction of view on the ground, radians counter-clockwise from east
 * @param pitch below the horizon, radians; half pi looks straight down
 * @param verticalView full vertical angle of view, radians
 */
public record Viewpoint(
        String name, double east, double north, double up, double yaw, double pitch, double verticalView) {
    public Viewpoint {
        if (!(up > 0)) {
            throw new IllegalArgumentException(
                    "viewpoint " + name + " is " + up + " m above the ground, needs more than 0");
        }
        if (!(verticalView > 0 && verticalView < Math.PI)) {
            throw new IllegalArgumentException(
                    "viewpoint " + name + " has an angle of view of " + verticalView + " rad");
        }
    }

    /** Straight down on a place, north up, so that {@code radius} metres around it fit. */
    public static Viewpoint above(double east, double north, double radius) {
        double view = Math.toRadians(40);
        return new Viewpoint("above", east, north, radius / Math.tan(view / 2), Math.PI / 2, Math.PI / 2, view);
    }

    /** From a height of {@code up} metres at a distance, looking at a place on the ground. */
    public static Viewpoint towards(
            String name, double fromEast, double fromNorth, double up, double east, double north) {
        double distance = Math.max(1e-6, Math.hypot(east - fromEast, north - fromNorth));
        return new Viewpoint(
                name,
                fromEast,
                fromNorth,
                up,
                Math.atan2(north - fromNorth, east - fromEast),
                Math.atan2(up, distance),
                Math.toRadians(50));
    }
}
