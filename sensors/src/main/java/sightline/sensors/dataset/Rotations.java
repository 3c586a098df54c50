package sightline.sensors.dataset;

/** Rotation matrices from what calibration files have. */
final class Rotations {
    private Rotations() {}

    /** Rodrigues' formula: the matrix of a rotation vector, row-major. */
    static double[] ofVector(double[] v) {
        double angle = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        if (angle < 1e-12) {
            return new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1};
        }
        double x = v[0] / angle;
        double y = v[1] / angle;
        double z = v[2] / angle;
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        double k = 1 - c;
        return new double[] {
            c + x * x * k,
            x * y * k - z * s,
            x * z * k + y * s,
            y * x * k + z * s,
            c + y * y * k,
            y * z * k - x * s,
            z * x * k - y * s,
            z * y * k + x * s,
            c + z * z * k
        };
    }
}
