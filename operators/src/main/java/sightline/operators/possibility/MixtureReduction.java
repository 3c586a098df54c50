package sightline.operators.possibility;

import java.util.Arrays;

/**
 * Makes a max-mixture smaller. {@link #dominates} drops nothing that matters (exact); {@link #reduce} keeps the modes:
 * terms that lie within a squared Mahalanobis distance of a stronger one are absorbed, weights are never added and means
 * never averaged, because the supremum of a union is a maximum.
 *
 * <p>Holds scratch: one instance a thread.
 */
public final class MixtureReduction {
    private static final byte UNKNOWN = 0;
    private static final byte REGULAR = 1;
    private static final byte SINGULAR = 2;

    private final int n;
    private final double[] l;
    private final double[] e;
    private final double[] z;
    private final double[] difference;
    private int[] order = new int[16];
    private boolean[] gone = new boolean[16];
    /** Cholesky factors of the terms, made when first asked for. */
    private double[] factors = new double[0];

    private byte[] factored = new byte[16];
    private final MaxMixture kept;

    public MixtureReduction(int dimension) {
        n = dimension;
        l = new double[n * n];
        e = new double[n];
        z = new double[n];
        difference = new double[n * n];
        kept = new MaxMixture(dimension, 16);
    }

    /**
     * Whether term {@code j} can go without changing f: {@code P_i - P_j} positive definite and
     * {@code w_j <= w_i exp(-d2/2)} with d2 under {@code P_i - P_j}. The constant is the infimum over x of the ratio of
     * the two Gaussians, attained where the gradient of the difference of the quadratic forms vanishes.
     */
    public boolean dominates(MaxMixture f, int i, int j) {
        for (int k = 0; k < n * n; k++) {
            difference[k] = f.covariances()[i * n * n + k] - f.covariances()[j * n * n + k];
        }
        if (!Spd.cholesky(difference, 0, l, n)) {
            return false;
        }
        separation(f, i, j);
        return f.logWeight(j) <= f.logWeight(i) - 0.5 * Spd.squaredLength(l, e, z, n);
    }

    /**
     * Reduces in place: drops terms of log-weight not above {@code logPrune}, then lets each survivor, strongest first
     * (earlier first among equals), absorb every term within {@code radius2} under its own or the survivor's covariance,
     * and stops at {@code cap} terms. The result is in falling order of weight.
     */
    public void reduce(MaxMixture f, double logPrune, double radius2, int cap) {
        if (f.size() == 1 && f.logWeight(0) > logPrune) {
            return;
        }
        reduce(f, logPrune, radius2, cap, kept);
        f.copyFrom(kept);
    }

    /**
     * The same, leaving {@code f} as it is.
     *
     * @param out takes the result; another mixture than {@code f}
     */
    public void reduce(MaxMixture f, double logPrune, double radius2, int cap, MaxMixture out) {
        int size = f.size();
        out.clear();
        ensure(size);
        sortByWeight(f, size);
        for (int r = 0; r < size && out.size() < cap; r++) {
            int i = order[r];
            if (gone[i]) {
                continue;
            }
            if (!(f.logWeight(i) > logPrune)) {
                break;
            }
            out.addTerm(f, i);
            for (int s = r + 1; s < size && radius2 > 0; s++) {
                int j = order[s];
                if (!gone[j] && within(f, i, j, radius2)) {
                    gone[j] = true;
                }
            }
        }
    }

    private boolean within(MaxMixture f, int i, int j, double radius2) {
        separation(f, i, j);
        return within(f, i, radius2) || within(f, j, radius2);
    }

    /** Whether the separation is short under the covariance of one term. */
    private boolean within(MaxMixture f, int term, double radius2) {
        int o = term * n * n;
        for (int k = 0; k < n; k++) {
            // No length is below that along an axis: most pairs need no factor.
            if (e[k] * e[k] > radius2 * f.covariances()[o + k * n + k]) {
                return false;
            }
        }
        if (factored[term] == UNKNOWN) {
            factored[term] = Spd.cholesky(f.covariances(), o, factors, o, n) ? REGULAR : SINGULAR;
        }
        return factored[term] == REGULAR && Spd.squaredLength(factors, o, e, z, n) <= radius2;
    }

    private void separation(MaxMixture f, int i, int j) {
        for (int k = 0; k < n; k++) {
            e[k] = f.means()[i * n + k] - f.means()[j * n + k];
        }
    }

    private void ensure(int size) {
        if (gone.length < size) {
            gone = new boolean[2 * size];
            order = new int[2 * size];
            factored = new byte[2 * size];
        }
        if (factors.length < gone.length * n * n) {
            factors = new double[gone.length * n * n];
        }
        Arrays.fill(gone, 0, size, false);
        Arrays.fill(factored, 0, size, UNKNOWN);
    }

    /** Insertion sort: mixtures are short and nearly sorted, and equal weights keep their order. */
    private void sortByWeight(MaxMixture f, int size) {
        for (int i = 0; i < size; i++) {
            double weight = f.logWeight(i);
            int at = i;
            while (at > 0 && f.logWeight(order[at - 1]) < weight) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = i;
        }
    }
}
