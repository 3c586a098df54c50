package sightline.sensors.geometry;

import java.util.Optional;
import sightline.config.site.Calibration;
import sightline.config.site.GroundPoint;
import sightline.config.site.Projection;

/**
 * A calibrated camera: world points to pixels and pixels to rays.
 *
 * <p>Immutable; methods may be called from any thread. Points that the camera cannot image at all (behind it, or beyond
 * the reach of its distortion model) have no projection; points outside the picture's edges have one, outside
 * {@code 0..width, 0..height}.
 */
public sealed interface CameraModel permits PinholeCamera, TsaiCamera {
    /** The numbers it was made from. */
    Calibration calibration();

    /** The camera's centre. */
    WorldPoint center();

    /** Where a world point appears. */
    Optional<PixelPoint> project(WorldPoint point);

    /** The half line of points that appear at that pixel. */
    Ray ray(double u, double v);

    /** Distance along the viewing axis, metres; negative behind the camera. */
    double depth(WorldPoint point);

    /** Where on the ground a pixel looks; empty above the horizon. */
    default Optional<GroundPoint> ground(double u, double v) {
        return ray(u, v).atHeight(0);
    }

    /** Whether the point falls inside the picture. Says nothing of what may hide it. */
    default boolean sees(WorldPoint point) {
        return project(point)
                .filter(p -> p.u() >= 0
                        && p.v() >= 0
                        && p.u() < calibration().width()
                        && p.v() < calibration().height())
                .isPresent();
    }

    static CameraModel of(Calibration calibration) {
        return switch (calibration.projection()) {
            case Projection.Pinhole pinhole -> new PinholeCamera(calibration, pinhole);
            case Projection.Tsai tsai -> new TsaiCamera(calibration, tsai);
        };
    }
}
