package sightline.sensors.geometry;

/**
 * Equidistant fisheye: the distance from the axis is a polynomial of the angle off the axis (Kannala and Brandt, 2006,
 * as OpenCV's fisheye module orders the coefficients). It may see behind its own image plane.
 */
final class FisheyeLens implements Lens {
    private static final double STEP = 0.001;

    private final double[] k;
    private final double reach;

    FisheyeLens(double[] k) {
        this.k = k.clone();
        double last = 0;
        double limit = STEP;
        while (limit < Math.PI) {
            double bent = bend(limit);
            if (!(bent > last)) {
                break;
            }
            last = bent;
            limit += STEP;
        }
        this.reach = limit - STEP;
    }

    private double bend(double theta) {
        double t2 = theta * theta;
        return theta * (1 + t2 * (k[0] + t2 * (k[1] + t2 * (k[2] + t2 * k[3]))));
    }

    @Override
    public boolean distort(double x, double y, double z, double[] out) {
        double r = Math.hypot(x, y);
        double theta = Math.atan2(r, z);
        if (theta > reach) {
            return false;
        }
        double scale = r < 1e-12 ? 1 : bend(theta) / r;
        out[0] = x * scale;
        out[1] = y * scale;
        return true;
    }

    @Override
    public void undistort(double xd, double yd, double[] out) {
        double wanted = Math.hypot(xd, yd);
        if (wanted < 1e-12) {
            out[0] = 0;
            out[1] = 0;
            out[2] = 1;
            return;
        }
        double low = 0;
        double high = reach;
        for (int i = 0; i < 60; i++) {
            double middle = 0.5 * (low + high);
            if (bend(middle) < wanted) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double theta = 0.5 * (low + high);
        double sine = Math.sin(theta) / wanted;
        out[0] = xd * sine;
        out[1] = yd * sine;
        out[2] = Math.cos(theta);
    }

    @Override
    public double reach() {
        return reach;
    }
}
