package sightline.operators.depict;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Viewpoint;

/** A pinhole eye at a viewpoint. World points are {east, north, up} in metres, image points {x, y} in pixels. */
final class Eye {
    private static final double NEAR = 0.2;

    private final Viewpoint at;
    private final double width;
    private final double height;
    private final double focal;
    private final double[] right;
    private final double[] down;
    private final double[] forward;

    Eye(Viewpoint at, int width, int height) {
        this.at = at;
        this.width = width;
        this.height = height;
        this.focal = height / 2.0 / Math.tan(at.verticalView() / 2);
        double cy = Math.cos(at.yaw());
        double sy = Math.sin(at.yaw());
        double cp = Math.cos(at.pitch());
        double sp = Math.sin(at.pitch());
        this.forward = new double[] {cp * cy, cp * sy, -sp};
        this.right = new double[] {sy, -cy, 0};
        this.down = new double[] {-sp * cy, -sp * sy, -cp};
    }

    /** Camera coordinates: right, down, forward. */
    private double[] camera(double[] world) {
        double e = world[0] - at.east();
        double n = world[1] - at.north();
        double u = world[2] - at.up();
        return new double[] {
            right[0] * e + right[1] * n + right[2] * u,
            down[0] * e + down[1] * n + down[2] * u,
            forward[0] * e + forward[1] * n + forward[2] * u
        };
    }

    /** How far in front of the eye, metres; negative behind it. */
    double depth(double... world) {
        return camera(world)[2];
    }

    /** Pixels that one metre takes at that place. */
    double scale(double... world) {
        return focal / Math.max(NEAR, depth(world));
    }

    /** The image point, or nothing when it lies behind the eye. */
    double[] project(double... world) {
        double[] c = camera(world);
        return c[2] < NEAR ? null : onImage(c);
    }

    /** Where the ray through an image point meets the ground, {east, north}, or nothing above the horizon. */
    double[] ground(double x, double y) {
        double a = (x - width / 2) / focal;
        double b = (y - height / 2) / focal;
        double u = right[2] * a + down[2] * b + forward[2];
        if (u >= -1e-6) {
            return null;
        }
        double t = at.up() / -u;
        return new double[] {
            at.east() + t * (right[0] * a + down[0] * b + forward[0]),
            at.north() + t * (right[1] * a + down[1] * b + forward[1])
        };
    }

    private double[] onImage(double[] c) {
        return new double[] {width / 2 + focal * c[0] / c[2], height / 2 + focal * c[1] / c[2]};
    }

    /** A polygon (or, with {@code closed} false, a line) cut at the near plane; empty when wholly behind. */
    List<double[]> project(List<double[]> world, boolean closed) {
        List<double[]> image = new ArrayList<>();
        int edges = closed ? world.size() : world.size() - 1;
        double[] first = camera(world.getFirst());
        if (!closed && first[2] >= NEAR) {
            image.add(onImage(first));
        }
        for (int i = 0; i < edges; i++) {
            double[] a = camera(world.get(i));
            double[] b = camera(world.get((i + 1) % world.size()));
            if ((a[2] < NEAR) != (b[2] < NEAR)) {
                double t = (NEAR - a[2]) / (b[2] - a[2]);
                image.add(onImage(new double[] {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), NEAR}));
            }
            if (b[2] >= NEAR) {
                image.add(onImage(b));
            }
        }
        return image;
    }
}
