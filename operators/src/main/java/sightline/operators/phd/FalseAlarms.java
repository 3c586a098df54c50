package sightline.operators.phd;

/** Credibility of false alarms from the numbers that people have. */
public final class FalseAlarms {
    private FalseAlarms() {}

    /**
     * {@code min(1, kappa sqrt(det(2 pi S0)) / p_D)} with the clutter density kappa and S0 twice the error covariance:
     * "the detection is more credible than a false alarm" is then the same test as {@code p_D N(y) > kappa} at an
     * innovation covariance S0. A larger value is the cautious side.
     *
     * @param clutterPerScan expected number of false detections in a scan
     * @param volume of the measurement space, in the units of the error (square metres for positions)
     * @param determinant of the error covariance
     * @param dimension of the measurement
     * @param detectionProbability in (0, 1]
     */
    public static double logCredibility(
            double clutterPerScan, double volume, double determinant, int dimension, double detectionProbability) {
        Checks.positive("volume", volume);
        Checks.positive("determinant", determinant);
        Checks.positive("detection probability", detectionProbability);
        double kappa = clutterPerScan / volume;
        double scale = Math.pow(4 * Math.PI, dimension / 2.0) * Math.sqrt(determinant);
        return Math.min(0, Math.log(Math.max(1e-300, kappa * scale / detectionProbability)));
    }
}
