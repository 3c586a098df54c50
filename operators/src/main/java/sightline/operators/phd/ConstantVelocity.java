package sightline.operators.phd;

import sightline.operators.possibility.MaxMixture;

/**
 * Nearly constant velocity, the two axes alike and independent.
 *
 * @param noise acceleration spectral density in m^2/s^3 (continuous) or standard deviation in m/s^2 (piecewise)
 * @param kind how noise enters
 */
public record ConstantVelocity(double noise, Kind kind) implements Motion {
    /** How the acceleration noise enters the state. */
    public enum Kind {
        /** White acceleration: {@code q [T^3/3, T^2/2; T^2/2, T]}. Splitting an interval changes nothing. */
        CONTINUOUS,
        /** Acceleration constant over one step: {@code s^2 [T^4/4, T^3/2; T^3/2, T^2]}. Depends on the step. */
        PIECEWISE
    }

    public ConstantVelocity {
        Checks.positive("noise", noise);
    }

    @Override
    public void predict(MaxMixture state, double seconds, double split) {
        if (!(seconds >= 0)) {
            throw new IllegalArgumentException("time step " + seconds + " s is negative");
        }
        if (seconds == 0) {
            return;
        }
        double t = seconds;
        double scale = (kind == Kind.CONTINUOUS ? noise : noise * noise * t) / split;
        double qp = kind == Kind.CONTINUOUS ? scale * t * t * t / 3 : scale * t * t * t / 4;
        double qc = scale * t * t / 2;
        double qv = scale * t;
        double[] m = state.means();
        double[] p = state.covariances();
        for (int i = 0; i < state.size(); i++) {
            m[i * 4] += t * m[i * 4 + 2];
            m[i * 4 + 1] += t * m[i * 4 + 3];
            step(p, i * 16, t);
            int o = i * 16;
            p[o] += qp;
            p[o + 5] += qp;
            p[o + 10] += qv;
            p[o + 15] += qv;
            p[o + 2] += qc;
            p[o + 7] += qc;
            p[o + 8] += qc;
            p[o + 13] += qc;
        }
    }

    /** {@code P <- F P F'} for F = [I, tI; 0, I]. */
    private static void step(double[] p, int o, double t) {
        double xv = p[o + 2];
        double xw = p[o + 3];
        double yv = p[o + 6];
        double yw = p[o + 7];
        double vv = p[o + 10];
        double vw = p[o + 11];
        double ww = p[o + 15];
        p[o] += t * (2 * xv + t * vv);
        p[o + 5] += t * (2 * yw + t * ww);
        double xy = p[o + 1] + t * (xw + yv + t * vw);
        p[o + 1] = xy;
        p[o + 4] = xy;
        set(p, o, 0, 2, xv + t * vv);
        set(p, o, 0, 3, xw + t * vw);
        set(p, o, 1, 2, yv + t * vw);
        set(p, o, 1, 3, yw + t * ww);
    }

    private static void set(double[] p, int o, int r, int c, double value) {
        p[o + r * 4 + c] = value;
        p[o + c * 4 + r] = value;
    }
}
