package sightline.sensors.scene;

/** Catmull-Rom interpolation: smooth through its samples, with a continuous first derivative. */
final class Curve {
    private Curve() {}

    /** Between {@code b} and {@code c}, at the fraction {@code f}. */
    static double through(double a, double b, double c, double d, double f) {
        return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));
    }
}
