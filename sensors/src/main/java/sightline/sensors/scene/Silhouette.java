package sightline.sensors.scene;

import java.util.Optional;
import sightline.config.domain.Box;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.PixelPoint;
import sightline.sensors.geometry.WorldPoint;

/** Boxes around projected bodies, without drawing them. */
final class Silhouette {
    /** Flesh around each joint of {@link Body}, share of the height. */
    private static final double[] FLESH = {
        0.04, 0.04, 0.028, 0.028, 0.02, 0.02, 0.06, 0.06, 0.035, 0.035, 0.028, 0.028, 0.062, 0.035, 0.02, 0.02, 0.02,
        0.02, 0.005, 0.085, 0.08
    };

    private double left = Double.POSITIVE_INFINITY;
    private double top = Double.POSITIVE_INFINITY;
    private double right = Double.NEGATIVE_INFINITY;
    private double bottom = Double.NEGATIVE_INFINITY;
    private boolean whole = true;

    private Silhouette() {}

    /** The box as if nothing hid it and the picture had no edge; empty if part of it is behind the camera. */
    static Optional<Box> of(CameraModel camera, ActorState actor) {
        Silhouette box = new Silhouette();
        switch (actor) {
            case PersonState person -> {
                Body body = Body.of(person);
                double focal = focal(camera);
                for (int j = 0; j < Body.joints(); j++) {
                    WorldPoint at = new WorldPoint(body.east(j), body.north(j), Math.max(0.01, body.up(j)));
                    double depth = camera.depth(at);
                    box.add(camera, at, depth <= 0.2 ? 0 : focal * FLESH[j] * body.height() / depth);
                }
            }
            case VehicleState vehicle -> {
                VehicleShape s = vehicle.shape();
                double cos = Math.cos(vehicle.heading());
                double sin = Math.sin(vehicle.heading());
                for (int corner = 0; corner < 12; corner++) {
                    boolean roof = corner >= 8;
                    double along = roof
                            ? ((corner & 1) == 0 ? s.cabinFrom() + s.slope() : s.cabinTo() - s.slope())
                            : ((corner & 1) == 0 ? -0.5 : 0.5) * s.length();
                    double across = ((corner & 2) == 0 ? -0.5 : 0.5) * s.width() * (roof ? 0.85 : 1);
                    double up = roof ? s.height() : (corner & 4) == 0 ? 0.02 : s.deck();
                    box.add(
                            camera,
                            new WorldPoint(
                                    vehicle.east() + along * cos - across * sin,
                                    vehicle.north() + along * sin + across * cos,
                                    up),
                            0);
                }
            }
        }
        return box.whole
                ? Optional.of(new Box(box.left, box.top, box.right - box.left, box.bottom - box.top))
                : Optional.empty();
    }

    private static double focal(CameraModel camera) {
        return camera.calibration().projection() instanceof sightline.config.site.Projection.Pinhole p ? p.fx() : 0;
    }

    private void add(CameraModel camera, WorldPoint point, double radius) {
        if (camera.depth(point) < 0.3) {
            whole = false;
            return;
        }
        Optional<PixelPoint> at = camera.project(point);
        if (at.isEmpty()) {
            whole = false;
            return;
        }
        left = Math.min(left, at.get().u() - radius);
        right = Math.max(right, at.get().u() + radius);
        top = Math.min(top, at.get().v() - radius);
        bottom = Math.max(bottom, at.get().v() + radius);
    }
}
