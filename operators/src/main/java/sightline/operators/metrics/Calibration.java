package sightline.operators.metrics;

import java.util.Arrays;

/**
 * Honesty of stated uncertainty over many matched tracks, from squared Mahalanobis errors of the position. For a
 * possibility function with one Gaussian the truth lies inside the alpha-cut iff {@code d2 <= -2 ln alpha}; the claim is
 * that this happens at least a share {@code 1 - alpha} of the time. Mutable, one thread.
 */
public final class Calibration {
    private final int dimension;
    private double[] squared = new double[64];
    private int count;

    /** @param dimension of the errors, 2 for positions */
    public Calibration(int dimension) {
        this.dimension = dimension;
    }

    public void add(double squaredMahalanobis) {
        if (count == squared.length) {
            squared = Arrays.copyOf(squared, 2 * count);
        }
        squared[count++] = squaredMahalanobis;
    }

    /** Adds {@code (estimate - truth)} under a 2x2 covariance. */
    public void add(double dx, double dy, double xx, double xy, double yy) {
        double determinant = xx * yy - xy * xy;
        add((dx * dx * yy - 2 * dx * dy * xy + dy * dy * xx) / determinant);
    }

    public int count() {
        return count;
    }

    /** Share of truths inside the alpha-cut. */
    public double coverage(double alpha) {
        double limit = -2 * Math.log(alpha);
        int inside = 0;
        for (int i = 0; i < count; i++) {
            inside += squared[i] <= limit ? 1 : 0;
        }
        return inside / (double) count;
    }

    /** Whether coverage is at least {@code 1 - alpha} less three binomial standard errors. */
    public boolean honestAt(double alpha) {
        return coverage(alpha) >= 1 - alpha - 3 * Math.sqrt(alpha * (1 - alpha) / count);
    }

    /** Mean normalised squared error over the dimension: 1 when consistent, above it over-confident. */
    public double normalisedError() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += squared[i];
        }
        return sum / (count * (double) dimension);
    }
}
