package sightline.operators.phd;

/** Angles in radians. */
final class Angles {
    private Angles() {}

    /** The same direction in (-pi, pi]. */
    static double wrap(double angle) {
        double wrapped = angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
        return wrapped == -Math.PI ? Math.PI : wrapped;
    }
}
