package sightline.sensors.geometry;

import sightline.config.site.Distortion;

/**
 * A distortion as a pair of maps between ideal and distorted normalised coordinates (on the plane z = 1).
 *
 * <p>A polynomial is only meant for the angles that it was fitted to. Beyond the angle at which its radial part stops
 * growing it would fold points that lie far outside the view back into the picture; {@link #reach()} is that limit, and
 * nothing beyond it is projected.
 */
sealed interface Lens permits IdealLens, PolynomialLens, FisheyeLens {
    /** Writes distorted coordinates to {@code out}; false where the lens does not map the point. */
    boolean distort(double x, double y, double z, double[] out);

    /** Writes the direction (x, y, z) of a distorted point to {@code out}. */
    void undistort(double xd, double yd, double[] out);

    /** Largest off-axis tangent (angle, for a fisheye) that is mapped. */
    double reach();

    static Lens of(Distortion distortion) {
        return switch (distortion) {
            case Distortion.None none -> new IdealLens();
            case Distortion.PlumbBob d ->
                new PolynomialLens(d.p1(), d.p2(), new double[] {d.k1(), d.k2(), d.k3(), 0, 0, 0});
            case Distortion.Rational d ->
                new PolynomialLens(d.p1(), d.p2(), new double[] {d.k1(), d.k2(), d.k3(), d.k4(), d.k5(), d.k6()});
            case Distortion.Fisheye d -> new FisheyeLens(new double[] {d.k1(), d.k2(), d.k3(), d.k4()});
        };
    }
}
