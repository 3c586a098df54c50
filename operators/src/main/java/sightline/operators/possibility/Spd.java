package sightline.operators.possibility;

/**
 * Arithmetic of small symmetric positive definite matrices (up to 6x6) in flat row-major arrays with offsets, so that
 * callers keep thousands of them in one array and inner loops allocate nothing. Stateless and thread-safe; outputs may
 * not alias inputs unless said. Failure is a {@code false} or NaN, never an exception, because a singular matrix is an
 * ordinary answer here.
 */
public final class Spd {
    private Spd() {}

    /**
     * Lower Cholesky factor; the strict upper part of {@code l} is left as it was.
     *
     * @return false where {@code a} is not positive definite (or holds a NaN)
     */
    public static boolean cholesky(double[] a, int ao, double[] l, int n) {
        return cholesky(a, ao, l, 0, n);
    }

    /** The same, into a place of a larger array. */
    public static boolean cholesky(double[] a, int ao, double[] l, int lo, int n) {
        for (int i = 0; i < n; i++) {
            int row = lo + i * n;
            for (int j = 0; j <= i; j++) {
                double sum = a[ao + i * n + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[row + k] * l[lo + j * n + k];
                }
                if (i == j) {
                    if (!(sum > 0.0) || sum == Double.POSITIVE_INFINITY) {
                        return false;
                    }
                    l[row + i] = Math.sqrt(sum);
                } else {
                    l[row + j] = sum / l[lo + j * n + j];
                }
            }
        }
        return true;
    }

    /** Squared Mahalanobis length of {@code e} for the matrix whose Cholesky factor is {@code l}. */
    public static double squaredLength(double[] l, double[] e, double[] z, int n) {
        return squaredLength(l, 0, e, z, n);
    }

    /** The same for a factor that stands in a larger array. */
    public static double squaredLength(double[] l, int lo, double[] e, double[] z, int n) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            double sum = e[i];
            for (int k = 0; k < i; k++) {
                sum -= l[lo + i * n + k] * z[k];
            }
            z[i] = sum / l[lo + i * n + i];
            total += z[i] * z[i];
        }
        return total;
    }

    /** Logarithm of the determinant of the matrix whose Cholesky factor is {@code l}. */
    public static double logDeterminant(double[] l, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(l[i * n + i]);
        }
        return 2 * sum;
    }

    /** Solves {@code L L^T x = b} for one right-hand side; {@code x} may be {@code b}. */
    public static void solve(double[] l, double[] b, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            double sum = b[i];
            for (int k = 0; k < i; k++) {
                sum -= l[i * n + k] * x[k];
            }
            x[i] = sum / l[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = x[i];
            for (int k = i + 1; k < n; k++) {
                sum -= l[k * n + i] * x[k];
            }
            x[i] = sum / l[i * n + i];
        }
    }

    /**
     * Inverse of the matrix whose Cholesky factor is {@code l}, exactly symmetric.
     *
     * @param column scratch of at least {@code n}
     */
    public static void inverse(double[] l, double[] out, int oo, double[] column, int n) {
        for (int c = 0; c < n; c++) {
            java.util.Arrays.fill(column, 0, n, 0);
            column[c] = 1;
            solve(l, column, column, n);
            for (int r = c; r < n; r++) {
                out[oo + r * n + c] = column[r];
                out[oo + c * n + r] = column[r];
            }
        }
    }

    /** Whether a matrix is finite, symmetric to rounding and positive definite: what every input must pass. */
    public static boolean isCovariance(double[] a, int n) {
        if (a.length != n * n) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double scale = Math.abs(a[i * n + i]) + Math.abs(a[j * n + j]);
                if (!(Math.abs(a[i * n + j] - a[j * n + i]) <= 1e-9 * scale)) {
                    return false;
                }
            }
        }
        return cholesky(a, 0, new double[n * n], n);
    }
}
