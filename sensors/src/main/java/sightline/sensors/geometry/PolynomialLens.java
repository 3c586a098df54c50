package sightline.sensors.geometry;

/**
 * Brown's radial and tangential distortion, rational when the denominator is not 1. The inverse has no closed form and
 * is found by Newton's method.
 */
final class PolynomialLens implements Lens {
    private static final double FARTHEST = 8;
    private static final double STEP = 0.002;

    private final double p1;
    private final double p2;
    private final double[] k;
    private final double reach;

    PolynomialLens(double p1, double p2, double[] k) {
        this.p1 = p1;
        this.p2 = p2;
        this.k = k.clone();
        this.reach = findReach();
    }

    private double radial(double r2) {
        double above = 1 + r2 * (k[0] + r2 * (k[1] + r2 * k[2]));
        double below = 1 + r2 * (k[3] + r2 * (k[4] + r2 * k[5]));
        return above / below;
    }

    private double findReach() {
        double last = 0;
        for (double r = STEP; r <= FARTHEST; r += STEP) {
            double bent = r * radial(r * r);
            if (!(bent > last)) {
                return r - STEP;
            }
            last = bent;
        }
        return FARTHEST;
    }

    @Override
    public boolean distort(double x, double y, double z, double[] out) {
        if (z <= 0) {
            return false;
        }
        double xn = x / z;
        double yn = y / z;
        if (xn * xn + yn * yn > reach * reach) {
            return false;
        }
        bend(xn, yn, out);
        return true;
    }

    private void bend(double x, double y, double[] out) {
        double r2 = x * x + y * y;
        double radial = radial(r2);
        out[0] = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x);
        out[1] = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y;
    }

    @Override
    public void undistort(double xd, double yd, double[] out) {
        double h = 1e-6;
        double x = xd;
        double y = yd;
        double[] at = new double[2];
        double[] dx = new double[2];
        double[] dy = new double[2];
        for (int i = 0; i < 30; i++) {
            bend(x, y, at);
            double ex = at[0] - xd;
            double ey = at[1] - yd;
            if (ex * ex + ey * ey < 1e-24) {
                break;
            }
            bend(x + h, y, dx);
            bend(x, y + h, dy);
            double a = (dx[0] - at[0]) / h;
            double b = (dy[0] - at[0]) / h;
            double c = (dx[1] - at[1]) / h;
            double d = (dy[1] - at[1]) / h;
            double det = a * d - b * c;
            if (Math.abs(det) < 1e-9) {
                break;
            }
            x -= (d * ex - b * ey) / det;
            y -= (a * ey - c * ex) / det;
            double r = Math.hypot(x, y);
            if (r > reach) {
                x *= reach / r;
                y *= reach / r;
            }
        }
        out[0] = x;
        out[1] = y;
        out[2] = 1;
    }

    @Override
    public double reach() {
        return reach;
    }
}
