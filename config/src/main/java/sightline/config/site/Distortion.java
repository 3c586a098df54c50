package sightline.config.site;

/** Lens distortion, applied from undistorted to distorted normalised coordinates. */
public sealed interface Distortion {
    /** A perfect lens. */
    record None() implements Distortion {}

    /** Brown's radial and tangential polynomial, as OpenCV orders it. */
    record PlumbBob(double k1, double k2, double p1, double p2, double k3) implements Distortion {}

    /** Rational polynomial with tangential terms. */
    record Rational(double k1, double k2, double p1, double p2, double k3, double k4, double k5, double k6)
            implements Distortion {}

    /** Equidistant fisheye (Kannala and Brandt). */
    record Fisheye(double k1, double k2, double k3, double k4) implements Distortion {}
}
