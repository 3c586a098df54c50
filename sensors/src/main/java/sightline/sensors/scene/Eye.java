package sightline.sensors.scene;

import java.util.Optional;
import sightline.config.site.Projection;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.PixelPoint;
import sightline.sensors.geometry.Ray;
import sightline.sensors.geometry.WorldPoint;

/** A camera as the painters need it: where it is, which way its axes point, how large a metre appears. */
final class Eye {
    final CameraModel camera;
    final int width;
    final int height;
    final double focal;
    final double east;
    final double north;
    final double up;
    private final double[] r;

    Eye(CameraModel camera) {
        this.camera = camera;
        this.width = camera.calibration().width();
        this.height = camera.calibration().height();
        if (!(camera.calibration().projection() instanceof Projection.Pinhole pinhole)) {
            throw new IllegalArgumentException("the scene is drawn through pinhole cameras only");
        }
        this.focal = pinhole.fx();
        this.r = pinhole.rotation();
        this.east = camera.center().east();
        this.north = camera.center().north();
        this.up = camera.center().up();
    }

    /** A world direction along the camera's axes. */
    void toCamera(double e, double n, double u, double[] out) {
        out[0] = r[0] * e + r[1] * n + r[2] * u;
        out[1] = r[3] * e + r[4] * n + r[5] * u;
        out[2] = r[6] * e + r[7] * n + r[8] * u;
    }

    /** A camera direction in the world. */
    void toWorld(double x, double y, double z, double[] out) {
        out[0] = r[0] * x + r[3] * y + r[6] * z;
        out[1] = r[1] * x + r[4] * y + r[7] * z;
        out[2] = r[2] * x + r[5] * y + r[8] * z;
    }

    /** Writes u, v and depth; false if the point cannot be seen at all. */
    boolean project(double e, double n, double u, double[] out) {
        WorldPoint point = new WorldPoint(e, n, u);
        double depth = camera.depth(point);
        if (depth < 0.35) {
            return false;
        }
        Optional<PixelPoint> at = camera.project(point);
        if (at.isEmpty()) {
            return false;
        }
        out[0] = at.get().u();
        out[1] = at.get().v();
        out[2] = depth;
        return true;
    }

    void ray(double u, double v, double[] out) {
        Ray ray = camera.ray(u, v);
        out[0] = east;
        out[1] = north;
        out[2] = up;
        out[3] = ray.east();
        out[4] = ray.north();
        out[5] = ray.up();
    }

    /** Depth along the viewing axis of a point at that distance along a ray. */
    double depth(double[] ray, double distance) {
        return distance * (r[6] * ray[3] + r[7] * ray[4] + r[8] * ray[5]);
    }
}
