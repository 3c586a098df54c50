package sightline.sensors.geometry;

import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.ObjectClass;

/**
 * Where the thing in an image box stands.
 *
 * <p>People stand at the middle of the lower edge. A vehicle's lower edge is the near side of its body, so its centre
 * lies a little higher in the picture, by an amount that depends on its heading and is therefore uncertain. What the
 * lower edge of the picture cuts off has no foot point.
 */
public final class FootPoint {
    /** Boxes that end closer than this to the lower edge of the picture count as cut off, pixels. */
    private static final double CUT_OFF = 1.5;

    /** Spread of a detector's lower edge, as a share of the box height, and of its middle, as a share of the width. */
    private static final double EDGE_SHARE = 0.03;

    private static final double MIDDLE_SHARE = 0.06;
    private static final double VEHICLE_RISE = 0.15;
    private static final double FLOOR_PIXELS = 0.7;

    private FootPoint() {}

    /**
     * The foot point with the spread that box detectors have.
     *
     * @param label what it is
     * @param box in pixels of the original picture
     * @param pictureHeight pixels
     */
    public static Optional<ImagePoint> of(ObjectClass label, Box box, int pictureHeight) {
        if (box.bottom() >= pictureHeight - CUT_OFF) {
            return Optional.empty();
        }
        boolean wide = label.isVehicle() && label != ObjectClass.BICYCLE && label != ObjectClass.MOTORCYCLE;
        double rise = wide ? VEHICLE_RISE * box.height() : 0;
        double sigmaU = Math.hypot(FLOOR_PIXELS, MIDDLE_SHARE * box.width());
        double sigmaV = Math.hypot(FLOOR_PIXELS, (wide ? VEHICLE_RISE : EDGE_SHARE) * box.height());
        return Optional.of(
                new ImagePoint(box.x() + 0.5 * box.width(), box.bottom() - rise, sigmaU * sigmaU, 0, sigmaV * sigmaV));
    }
}
