package sightline.operators.phd;

import sightline.operators.possibility.MaxMixture;

/**
 * The Kalman update of one term by one observation of position (linear, or linearised at the term's mean), hand-unrolled
 * for four states. {@link #prepare} computes innovation and its covariance, {@link #squaredDistance} the gate,
 * {@link #apply} writes the posterior term. Derivation: the supremum over x of likelihood times Gaussian is
 * {@code exp(-d2/2)} under the innovation covariance, attained at the Kalman mean.
 *
 * <p>Scratch: one instance a thread.
 */
public final class PositionUpdate {
    private final Linearisation z = new Linearisation();
    private double i00;
    private double i01;
    private double i11;
    private double d2;
    private double determinant;
    /** P H', row by row. */
    private final double[] crossed = new double[8];

    /** Returns d2, or NaN where the innovation covariance is singular. */
    public double prepare(MaxMixture f, int term, Observation observation) {
        double[] m = f.means();
        double[] p = f.covariances();
        int o = term * 16;
        observation.linearise(m[term * 4], m[term * 4 + 1], z);
        double pxx = p[o];
        double pxy = p[o + 1];
        double pyy = p[o + 5];
        if (z.dimension == 1) {
            double s = z.h00 * (z.h00 * pxx + 2 * z.h01 * pxy) + z.h01 * z.h01 * pyy + z.r00;
            determinant = s;
            i00 = 1 / s;
            d2 = z.e0 * z.e0 * i00;
            return s > 0 ? d2 : Double.NaN;
        }
        double a0 = z.h00 * pxx + z.h01 * pxy;
        double a1 = z.h00 * pxy + z.h01 * pyy;
        double b0 = z.h10 * pxx + z.h11 * pxy;
        double b1 = z.h10 * pxy + z.h11 * pyy;
        double s00 = a0 * z.h00 + a1 * z.h01 + z.r00;
        double s01 = a0 * z.h10 + a1 * z.h11 + z.r01;
        double s11 = b0 * z.h10 + b1 * z.h11 + z.r11;
        determinant = s00 * s11 - s01 * s01;
        i00 = s11 / determinant;
        i01 = -s01 / determinant;
        i11 = s00 / determinant;
        d2 = z.e0 * (i00 * z.e0 + 2 * i01 * z.e1) + i11 * z.e1 * z.e1;
        return determinant > 0 && s00 > 0 ? d2 : Double.NaN;
    }

    public double squaredDistance() {
        return d2;
    }

    /** Determinant of the innovation covariance of the prepared pair. */
    public double determinant() {
        return determinant;
    }

    /** Number of measured quantities of the prepared pair. */
    public int dimension() {
        return z.dimension;
    }

    /** Appends the posterior of the prepared pair to {@code out}, which is another mixture than {@code f}. */
    public void apply(MaxMixture f, int term, double logWeight, MaxMixture out) {
        int at = out.append(logWeight);
        double[] m = f.means();
        double[] p = f.covariances();
        double[] nm = out.means();
        double[] np = out.covariances();
        int o = term * 16;
        int no = at * 16;
        boolean two = z.dimension == 2;
        double h10 = two ? z.h10 : 0;
        double h11 = two ? z.h11 : 0;
        double w01 = two ? i01 : 0;
        double w11 = two ? i11 : 0;
        double e1 = two ? z.e1 : 0;
        // c = P H', k = c S^-1, m + k e, P - k c'.
        for (int r = 0; r < 4; r++) {
            double px = p[o + r * 4];
            double py = p[o + r * 4 + 1];
            double c0 = px * z.h00 + py * z.h01;
            double c1 = px * h10 + py * h11;
            double k0 = c0 * i00 + c1 * w01;
            double k1 = c0 * w01 + c1 * w11;
            crossed[2 * r] = c0;
            crossed[2 * r + 1] = c1;
            nm[at * 4 + r] = m[term * 4 + r] + k0 * z.e0 + k1 * e1;
            for (int c = 0; c <= r; c++) {
                double value = p[o + r * 4 + c] - k0 * crossed[2 * c] - k1 * crossed[2 * c + 1];
                np[no + r * 4 + c] = value;
                np[no + c * 4 + r] = value;
            }
        }
    }
}
