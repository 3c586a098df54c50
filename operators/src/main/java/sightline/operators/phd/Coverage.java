package sightline.operators.phd;

/**
 * Credibilities of detection and of a miss for a target at a place; the larger is always 1 (log 0). Outside its field of
 * view a sensor is ignorant: a miss there is fully credible, a detection not at all.
 */
public interface Coverage {
    /** Log-credibility of a detection; negative infinity outside the field of view. */
    double logDetection(double east, double north);

    /** Log-credibility of a miss; 0 outside the field of view. */
    double logMiss(double east, double north);

    /**
     * Detection probability {@code pD > 1/2} or a lower bound of one: detection 1, miss {@code 1 - pD} inside the view
     * (the possibility transform of a two-valued probability).
     */
    static Coverage of(FieldOfView view, double detectionProbability) {
        if (!(detectionProbability > 0 && detectionProbability < 1)) {
            throw new IllegalArgumentException(
                    "detection probability " + detectionProbability + " is not in (0, 1): a sensor is never perfect");
        }
        double logMiss = Math.log1p(-detectionProbability);
        return new Coverage() {
            @Override
            public double logDetection(double east, double north) {
                return view.sees(east, north) ? 0 : Double.NEGATIVE_INFINITY;
            }

            @Override
            public double logMiss(double east, double north) {
                return view.sees(east, north) ? logMiss : 0;
            }
        };
    }
}
