package sightline.operators.phd;

/**
 * A measurement seen from one predicted position: innovation, 2x2 (or 1x2) Jacobian, error covariance. Mutable scratch,
 * reused for every pair of a scan.
 */
public final class Linearisation {
    int dimension;
    double e0;
    double e1;
    double h00;
    double h01;
    double h10;
    double h11;
    double r00;
    double r01;
    double r11;

    public int dimension() {
        return dimension;
    }

    public double east() {
        return e0;
    }

    public double north() {
        return e1;
    }

    public double varEast() {
        return r00;
    }

    public double covariance() {
        return r01;
    }

    public double varNorth() {
        return r11;
    }
}
