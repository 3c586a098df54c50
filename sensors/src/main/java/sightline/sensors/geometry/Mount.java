package sightline.sensors.geometry;

import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.Projection;

/**
 * How a camera is mounted, in the terms of whoever mounts it: where it hangs, what it looks at, how wide. The picture's
 * horizontal stays level.
 *
 * @param position of the camera's centre
 * @param target what the middle of the picture shows
 * @param horizontalView full opening angle, radians
 */
public record Mount(WorldPoint position, WorldPoint target, double horizontalView) {
    /** The calibration that such a camera has. */
    public Calibration calibration(
            String camera, String version, int width, int height, Distortion distortion, double pixelSigma) {
        double f = 0.5 * width / Math.tan(0.5 * horizontalView);
        double[] z =
                unit(target.east() - position.east(), target.north() - position.north(), target.up() - position.up());
        // x = z cross up: level, to the right. Undefined looking straight down, where east is taken.
        double[] x = Math.hypot(z[0], z[1]) < 1e-9 ? new double[] {1, 0, 0} : unit(z[1], -z[0], 0);
        double[] y = {z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]};
        double[] rotation = {x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]};
        double[] translation = {-along(x), -along(y), -along(z)};
        return new Calibration(
                camera,
                version,
                0,
                width,
                height,
                new Projection.Pinhole(f, f, 0.5 * width, 0.5 * height, rotation, translation, distortion),
                pixelSigma);
    }

    private double along(double[] axis) {
        return axis[0] * position.east() + axis[1] * position.north() + axis[2] * position.up();
    }

    private static double[] unit(double a, double b, double c) {
        double length = Math.sqrt(a * a + b * b + c * c);
        return new double[] {a / length, b / length, c / length};
    }
}
