package sightline.config.contract;

import java.util.List;

/** What a decoder may not take for granted. Each failure names the field and the value. */
final class Checks {

    private Checks() {}

    static double finite(String field, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(field + " is " + value);
        }
        return value;
    }

    static double variance(String field, double value) {
        if (finite(field, value) < 0) {
            throw new IllegalArgumentException(field + " is a variance of " + value);
        }
        return value;
    }

    /** A credibility, possibility or score. */
    static double unit(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(field + " is " + value + ", which is not within 0..1");
        }
        return value;
    }

    static String named(String field, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    static void present(String field, boolean present) {
        if (!present) {
            throw new IllegalArgumentException(field + " is missing");
        }
    }

    static double[] vector(String field, List<Double> values, int length) {
        if (values.size() != length) {
            throw new IllegalArgumentException(field + " has " + values.size() + " numbers, needs " + length);
        }
        double[] out = new double[length];
        for (int i = 0; i < length; i++) {
            out[i] = finite(field, values.get(i));
        }
        return out;
    }

    static IllegalArgumentException unknown(String field, Object value) {
        return new IllegalArgumentException(field + " is " + value + ", which this version does not know");
    }
}
