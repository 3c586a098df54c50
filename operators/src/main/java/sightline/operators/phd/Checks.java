package sightline.operators.phd;

/** What the constructors of this package ask of numbers. */
final class Checks {
    private Checks() {}

    static void finite(String what, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " is not finite");
        }
    }

    static void positive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " " + value + " is not positive and finite");
        }
    }

    static void logCredibility(double value) {
        if (!(value <= 0)) {
            throw new IllegalArgumentException("log-credibility " + value + " is above 0");
        }
    }

    static void credibility(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " " + value + " is not in [0, 1]");
        }
    }
}
