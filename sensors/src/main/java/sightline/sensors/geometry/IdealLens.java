package sightline.sensors.geometry;

/** No distortion. */
final class IdealLens implements Lens {
    @Override
    public boolean distort(double x, double y, double z, double[] out) {
        if (z <= 0) {
            return false;
        }
        out[0] = x / z;
        out[1] = y / z;
        return true;
    }

    @Override
    public void undistort(double xd, double yd, double[] out) {
        out[0] = xd;
        out[1] = yd;
        out[2] = 1;
    }

    @Override
    public double reach() {
        return Double.POSITIVE_INFINITY;
    }
}
