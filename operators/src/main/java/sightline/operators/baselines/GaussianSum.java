package sightline.operators.baselines;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureProduct;
import sightline.operators.possibility.Spd;

/**
 * Operations on intensities {@code D(x) = sum w_i N(x; m_i, P_i)} with normalised Gaussians over four states. Holds
 * scratch: one instance a thread.
 */
final class GaussianSum {
    private static final int N = 4;
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    private final double[] factor = new double[N * N];
    private final double[] e = new double[N];
    private final double[] z = new double[N];
    private final MixtureProduct product = new MixtureProduct(N);
    private final MaxMixture pair = new MaxMixture(N);

    /**
     * Prunes below {@code prune}, then merges around the strongest: everything within {@code radius} of it under its own
     * covariance, weights added, moments matched; at most {@code cap} terms (Vo and Ma 2006, table II).
     */
    void reduce(MaxMixture f, double prune, double radius, int cap) {
        List<Integer> alive = new ArrayList<>();
        double logPrune = Math.log(prune);
        for (int i = 0; i < f.size(); i++) {
            if (f.logWeight(i) > logPrune) {
                alive.add(i);
            }
        }
        alive.sort((a, b) -> Double.compare(f.logWeight(b), f.logWeight(a)));
        double[] factors = new double[f.size() * N * N];
        for (int i : alive) {
            if (!Spd.cholesky(f.covariances(), i * N * N, factor, N)) {
                throw new ArithmeticException("term " + i + " has a singular covariance");
            }
            System.arraycopy(factor, 0, factors, i * N * N, N * N);
        }
        boolean[] gone = new boolean[f.size()];
        MaxMixture out = new MaxMixture(N, Math.max(1, Math.min(cap, alive.size())));
        List<Integer> group = new ArrayList<>();
        for (int i : alive) {
            if (gone[i] || out.size() >= cap) {
                continue;
            }
            group.clear();
            for (int j : alive) {
                if (!gone[j]) {
                    System.arraycopy(factors, j * N * N, factor, 0, N * N);
                    if (i == j || distance(f, i, j) <= radius) {
                        group.add(j);
                        gone[j] = true;
                    }
                }
            }
            moments(f, group, out);
        }
        f.copyFrom(out);
    }

    private double distance(MaxMixture f, int i, int j) {
        for (int k = 0; k < N; k++) {
            e[k] = f.means()[j * N + k] - f.means()[i * N + k];
        }
        return Spd.squaredLength(factor, e, z, N);
    }

    private void moments(MaxMixture f, List<Integer> group, MaxMixture out) {
        double total = 0;
        double[] mean = new double[N];
        for (int j : group) {
            double w = Math.exp(f.logWeight(j));
            total += w;
            for (int k = 0; k < N; k++) {
                mean[k] += w * f.means()[j * N + k];
            }
        }
        for (int k = 0; k < N; k++) {
            mean[k] /= total;
        }
        double[] covariance = new double[N * N];
        for (int j : group) {
            double w = Math.exp(f.logWeight(j)) / total;
            for (int r = 0; r < N; r++) {
                for (int c = 0; c < N; c++) {
                    covariance[r * N + c] += w
                            * (f.covariances()[j * N * N + r * N + c]
                                    + (f.means()[j * N + r] - mean[r]) * (f.means()[j * N + c] - mean[c]));
                }
            }
        }
        out.add(Math.log(total), mean, 0, covariance, 0);
    }

    /**
     * Term-wise power of well separated terms: {@code (w N(m,P))^o ~ w^o k(o,P) N(m, P/o)} with
     * {@code k = sqrt(det(2 pi P / o)) / det(2 pi P)^(o/2)} (Battistelli et al. 2013).
     */
    void power(MaxMixture f, double o) {
        for (int i = 0; i < f.size(); i++) {
            Spd.cholesky(f.covariances(), i * N * N, factor, N);
            double logDeterminant = Spd.logDeterminant(factor, N) + N * LOG_TWO_PI;
            double logScale = 0.5 * (logDeterminant - N * Math.log(o)) - 0.5 * o * logDeterminant;
            f.logWeight(i, o * f.logWeight(i) + logScale);
        }
        for (int i = 0; i < f.size() * N * N; i++) {
            f.covariances()[i] /= o;
        }
    }

    /** Product of two sums by pairs inside a gate, with normalised Gaussians. */
    MaxMixture multiply(MaxMixture a, MaxMixture b, double gate) {
        MaxMixture out = new MaxMixture(N, Math.max(1, a.size()));
        double[] sum = new double[N * N];
        for (int i = 0; i < a.size(); i++) {
            for (int j = 0; j < b.size(); j++) {
                pair.clear();
                if (product.append(a, i, b, j, gate, pair)) {
                    for (int k = 0; k < N * N; k++) {
                        sum[k] = a.covariances()[i * N * N + k] + b.covariances()[j * N * N + k];
                    }
                    Spd.cholesky(sum, 0, factor, N);
                    pair.logWeight(0, pair.logWeight(0) - 0.5 * (Spd.logDeterminant(factor, N) + N * LOG_TWO_PI));
                    out.addTerm(pair, 0);
                }
            }
        }
        return out;
    }
}
