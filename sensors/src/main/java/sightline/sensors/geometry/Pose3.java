package sightline.sensors.geometry;

/** A world-to-camera motion: {@code x_cam = r * x_world + t}. Refuses a matrix that is no rotation. */
final class Pose3 {
    private static final double SLACK = 1e-3;

    private final double[] r;
    private final double[] t;
    private final WorldPoint center;

    Pose3(String camera, double[] rotation, double[] translation) {
        if (rotation.length != 9 || translation.length != 3) {
            throw new IllegalArgumentException("camera " + camera + ": rotation needs 9 numbers and translation 3, got "
                    + rotation.length + " and " + translation.length);
        }
        r = rotation.clone();
        t = translation.clone();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double dot = r[3 * i] * r[3 * j] + r[3 * i + 1] * r[3 * j + 1] + r[3 * i + 2] * r[3 * j + 2];
                if (!(Math.abs(dot - (i == j ? 1 : 0)) < SLACK)) {
                    throw new IllegalArgumentException("camera " + camera + ": rows " + i + " and " + j
                            + " of the rotation have product " + dot + ", so it is no rotation");
                }
            }
        }
        double determinant = r[0] * (r[4] * r[8] - r[5] * r[7])
                - r[1] * (r[3] * r[8] - r[5] * r[6])
                + r[2] * (r[3] * r[7] - r[4] * r[6]);
        if (determinant < 0) {
            throw new IllegalArgumentException(
                    "camera " + camera + ": the rotation mirrors (determinant " + determinant + ")");
        }
        center = new WorldPoint(
                -(r[0] * t[0] + r[3] * t[1] + r[6] * t[2]),
                -(r[1] * t[0] + r[4] * t[1] + r[7] * t[2]),
                -(r[2] * t[0] + r[5] * t[1] + r[8] * t[2]));
    }

    WorldPoint center() {
        return center;
    }

    double x(WorldPoint p) {
        return r[0] * p.east() + r[1] * p.north() + r[2] * p.up() + t[0];
    }

    double y(WorldPoint p) {
        return r[3] * p.east() + r[4] * p.north() + r[5] * p.up() + t[1];
    }

    double z(WorldPoint p) {
        return r[6] * p.east() + r[7] * p.north() + r[8] * p.up() + t[2];
    }

    Ray ray(double x, double y, double z) {
        return Ray.towards(
                center, r[0] * x + r[3] * y + r[6] * z, r[1] * x + r[4] * y + r[7] * z, r[2] * x + r[5] * y + r[8] * z);
    }
}
