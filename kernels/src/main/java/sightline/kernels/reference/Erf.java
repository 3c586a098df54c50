package sightline.kernels.reference;

/** The error function to double precision. */
final class Erf {
    private Erf() {}

    static double erf(double x) {
        double magnitude = Math.abs(x);
        if (Double.isNaN(x)) {
            return x;
        }
        if (magnitude > 6) {
            return Math.signum(x);
        }
        return magnitude < 2.5 ? series(x) : Math.signum(x) * (1 - tail(magnitude));
    }

    /** {@code 2/√π e^{-x²} Σ 2^n x^{2n+1} / (1·3·5…(2n+1))}: all terms of one sign, so nothing cancels. */
    private static double series(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** The complement by its continued fraction, evaluated from the inside. */
    private static double tail(double x) {
        double fraction = x;
        for (int k = 80; k > 0; k--) {
            fraction = x + k / 2.0 / fraction;
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
    }
}
