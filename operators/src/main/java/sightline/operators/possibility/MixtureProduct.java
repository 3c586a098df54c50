package sightline.operators.possibility;

/**
 * The pointwise product of two max-mixtures, which is a max-mixture of all pairs: {@code a b exp(-d2/2)} at
 * {@code C = (A^-1 + B^-1)^-1}, {@code c = C (A^-1 m + B^-1 n)}, where d2 is the squared distance of m and n under
 * A + B. Exact, by completing the square. Computed as {@code C = A - A (A+B)^-1 A} with one Cholesky factor a pair.
 *
 * <p>Holds scratch: one instance a thread, no allocation once the output has grown.
 */
public final class MixtureProduct {
    private final int n;
    private final double[] sum;
    private final double[] factor;
    private final double[] innovation;
    private final double[] z;
    private final double[] column;
    private final double[] gain;

    public MixtureProduct(int dimension) {
        n = dimension;
        sum = new double[n * n];
        factor = new double[n * n];
        innovation = new double[n];
        z = new double[n];
        column = new double[n];
        gain = new double[n * n];
    }

    /**
     * Writes {@code a * b} to {@code out} (cleared first), leaving out pairs whose d2 is not below {@code gate}.
     *
     * @param out neither {@code a} nor {@code b}
     * @param gate on the squared distance of the means; positive infinity for the exact product
     */
    public void multiply(MaxMixture a, MaxMixture b, double gate, MaxMixture out) {
        multiply(a, b, gate, Double.NEGATIVE_INFINITY, out);
    }

    /**
     * The same without terms that lie more than {@code -logFloor} below a stronger one: what pruning at that level after
     * {@link MaxMixture#normalise} would drop is not computed. Cheapest where both are in falling order of weight.
     */
    public void multiply(MaxMixture a, MaxMixture b, double gate, double logFloor, MaxMixture out) {
        out.clear();
        double least = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < a.size(); i++) {
            for (int j = 0; j < b.size(); j++) {
                double room = 2 * (a.logWeight(i) + b.logWeight(j) - least);
                if (room > 0 && append(a, i, b, j, Math.min(gate, room), out)) {
                    least = Math.max(least, out.logWeight(out.size() - 1) + logFloor);
                }
            }
        }
    }

    /** Appends the product of two terms; false where the pair is outside the gate. */
    public boolean append(MaxMixture a, int i, MaxMixture b, int j, double gate, MaxMixture out) {
        int ao = i * n * n;
        int bo = j * n * n;
        for (int k = 0; k < n; k++) {
            innovation[k] = b.means()[j * n + k] - a.means()[i * n + k];
            int diagonal = k * n + k;
            // No distance is below that along an axis: far pairs need no factor.
            if (innovation[k] * innovation[k]
                    > gate * (a.covariances()[ao + diagonal] + b.covariances()[bo + diagonal])) {
                return false;
            }
        }
        for (int k = 0; k < n * n; k++) {
            sum[k] = a.covariances()[ao + k] + b.covariances()[bo + k];
        }
        if (!Spd.cholesky(sum, 0, factor, n)) {
            throw new ArithmeticException("the sum of two covariances is singular");
        }
        double d2 = Spd.squaredLength(factor, innovation, z, n);
        if (!(d2 < gate)) {
            return false;
        }
        int at = out.append(a.logWeight(i) + b.logWeight(j) - 0.5 * d2);
        double[] means = out.means();
        double[] covariances = out.covariances();
        // Row r of the gain A (A+B)^-1 is the solution of (A+B) x = column r of A.
        for (int r = 0; r < n; r++) {
            System.arraycopy(a.covariances(), ao + r * n, column, 0, n);
            Spd.solve(factor, column, column, n);
            System.arraycopy(column, 0, gain, r * n, n);
        }
        for (int r = 0; r < n; r++) {
            double mean = a.means()[i * n + r];
            for (int k = 0; k < n; k++) {
                mean += gain[r * n + k] * innovation[k];
            }
            means[at * n + r] = mean;
            for (int c = 0; c <= r; c++) {
                // A - G A loses digits where B is far smaller than A; G B is the same matrix and does not.
                double cell = 0;
                double mirror = 0;
                for (int k = 0; k < n; k++) {
                    cell += gain[r * n + k] * b.covariances()[bo + k * n + c];
                    mirror += gain[c * n + k] * b.covariances()[bo + k * n + r];
                }
                double value = r == c ? cell : 0.5 * (cell + mirror);
                covariances[(at * n + r) * n + c] = value;
                covariances[(at * n + c) * n + r] = value;
            }
        }
        return true;
    }
}
