package sightline.operators.possibility;

import java.util.Arrays;

/**
 * A Gaussian max-mixture {@code f(x) = max_i w_i exp(-(x-m_i)' P_i^-1 (x-m_i) / 2)} with log-credibilities. The terms
 * carry no normalising constant: their supremum is the weight. Terms stand in flat arrays that grow and are never
 * shrunk, so a mixture that lives for many updates stops allocating.
 *
 * <p>Mutable and confined to one thread at a time. Covariances are full, row-major and kept exactly symmetric.
 */
public final class MaxMixture {
    private final int dimension;
    private int size;
    private double[] logWeights;
    private double[] means;
    private double[] covariances;

    public MaxMixture(int dimension) {
        this(dimension, 4);
    }

    public MaxMixture(int dimension, int capacity) {
        this.dimension = dimension;
        logWeights = new double[capacity];
        means = new double[capacity * dimension];
        covariances = new double[capacity * dimension * dimension];
    }

    public int dimension() {
        return dimension;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public double logWeight(int i) {
        return logWeights[i];
    }

    public void logWeight(int i, double value) {
        logWeights[i] = value;
    }

    /** The live array of means; term {@code i} starts at {@code i * dimension()}. Valid until the next append. */
    public double[] means() {
        return means;
    }

    /** The live array of covariances; term {@code i} starts at {@code i * dimension()^2}. Valid until the next append. */
    public double[] covariances() {
        return covariances;
    }

    public void clear() {
        size = 0;
    }

    /** Drops the terms from {@code newSize} on. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** Appends a term and returns its index. */
    public int add(double logWeight, double[] mean, int meanOffset, double[] covariance, int covarianceOffset) {
        int i = append(logWeight);
        System.arraycopy(mean, meanOffset, means, i * dimension, dimension);
        int square = dimension * dimension;
        System.arraycopy(covariance, covarianceOffset, covariances, i * square, square);
        return i;
    }

    /** Appends a term whose mean and covariance the caller writes into the live arrays. */
    public int append(double logWeight) {
        if (size == logWeights.length) {
            int capacity = Math.max(4, 2 * size);
            logWeights = Arrays.copyOf(logWeights, capacity);
            means = Arrays.copyOf(means, capacity * dimension);
            covariances = Arrays.copyOf(covariances, capacity * dimension * dimension);
        }
        logWeights[size] = logWeight;
        return size++;
    }

    public void addTerm(MaxMixture from, int i) {
        add(from.logWeights[i], from.means, i * dimension, from.covariances, i * dimension * dimension);
    }

    public void copyFrom(MaxMixture from) {
        clear();
        for (int i = 0; i < from.size; i++) {
            addTerm(from, i);
        }
    }

    public MaxMixture copy() {
        MaxMixture out = new MaxMixture(dimension, Math.max(1, size));
        out.copyFrom(this);
        return out;
    }

    /** Index of the term of largest weight (the first of equals): its mean is where f takes its supremum; -1 if empty. */
    public int mode() {
        int best = -1;
        for (int i = 0; i < size; i++) {
            if (best < 0 || logWeights[i] > logWeights[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Logarithm of the supremum, negative infinity for the empty mixture. */
    public double logSupremum() {
        int mode = mode();
        return mode < 0 ? Double.NEGATIVE_INFINITY : logWeights[mode];
    }

    /** Adds a constant to all log-credibilities. */
    public void shift(double logFactor) {
        for (int i = 0; i < size; i++) {
            logWeights[i] += logFactor;
        }
    }

    /** Divides by the supremum, which is returned as a logarithm; afterwards f is a possibility function. */
    public double normalise() {
        double supremum = logSupremum();
        if (supremum > Double.NEGATIVE_INFINITY) {
            shift(-supremum);
        }
        return supremum;
    }

    /**
     * f to the power o: exactly {@code max_i w_i^o N(x; m_i, P_i / o)}, because the power of a maximum is the maximum
     * of the powers. A sum-mixture has no such identity.
     */
    public void power(double o) {
        if (!(o > 0)) {
            throw new IllegalArgumentException("exponent " + o + " is not positive");
        }
        for (int i = 0; i < size; i++) {
            logWeights[i] *= o;
        }
        int end = size * dimension * dimension;
        for (int i = 0; i < end; i++) {
            covariances[i] /= o;
        }
    }

    /**
     * Sup-convolution with the kernel {@code q(x|x') = exp(-(x-Ax')' Q^-1 (x-Ax') / 2)}: each term moves to {@code A m}
     * with {@code A P A' + Q}, its weight unchanged. Derivation: the supremum over x' of a product of two Gaussians is
     * the Gaussian of the sum covariance. It commutes with {@link #power}.
     */
    public void supConvolve(double[] transition, double[] noise) {
        int n = dimension;
        double[] mean = new double[n];
        double[] ap = new double[n * n];
        for (int i = 0; i < size; i++) {
            int mo = i * n;
            int po = i * n * n;
            for (int r = 0; r < n; r++) {
                double sum = 0;
                for (int c = 0; c < n; c++) {
                    sum += transition[r * n + c] * means[mo + c];
                    double cell = 0;
                    for (int k = 0; k < n; k++) {
                        cell += transition[r * n + k] * covariances[po + k * n + c];
                    }
                    ap[r * n + c] = cell;
                }
                mean[r] = sum;
            }
            System.arraycopy(mean, 0, means, mo, n);
            for (int r = 0; r < n; r++) {
                for (int c = 0; c <= r; c++) {
                    double cell = noise[r * n + c];
                    for (int k = 0; k < n; k++) {
                        cell += ap[r * n + k] * transition[c * n + k];
                    }
                    covariances[po + r * n + c] = cell;
                    covariances[po + c * n + r] = cell;
                }
            }
        }
    }

    /** log f(x); negative infinity for the empty mixture. Allocates: not for inner loops. */
    public double logAt(double... x) {
        double[] l = new double[dimension * dimension];
        double[] e = new double[dimension];
        double[] z = new double[dimension];
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            if (!Spd.cholesky(covariances, i * dimension * dimension, l, dimension)) {
                throw new ArithmeticException("term " + i + " has a singular covariance");
            }
            for (int k = 0; k < dimension; k++) {
                e[k] = x[k] - means[i * dimension + k];
            }
            best = Math.max(best, logWeights[i] - 0.5 * Spd.squaredLength(l, e, z, dimension));
        }
        return best;
    }

    /**
     * Sup-projection on the first {@code kept} coordinates, the possibilistic marginal: the same weights with the
     * leading blocks of means and covariances.
     */
    public MaxMixture project(int kept) {
        MaxMixture out = new MaxMixture(kept, Math.max(1, size));
        for (int i = 0; i < size; i++) {
            out.append(logWeights[i]);
            for (int r = 0; r < kept; r++) {
                out.means[i * kept + r] = means[i * dimension + r];
                for (int c = 0; c < kept; c++) {
                    out.covariances[(i * kept + r) * kept + c] = covariances[(i * dimension + r) * dimension + c];
                }
            }
        }
        return out;
    }
}
