package sightline.operators.fusion.bench;

import sightline.operators.phd.FalseAlarms;

/**
 * One column of the table: how good the sensors are.
 *
 * @param detectionProbability of a target
 * @param clutter false detections a scan, uniform over the scene
 * @param sensors number of position sensors
 * @param sigma their error, metres
 */
public record Column(double detectionProbability, double clutter, int sensors, double sigma) {
    public Column {
        if (!(detectionProbability > 0 && detectionProbability < 1) || clutter < 0 || sensors < 1 || !(sigma > 0)) {
            throw new IllegalArgumentException("p_D " + detectionProbability + ", clutter " + clutter + ", sensors "
                    + sensors + ", sigma " + sigma);
        }
    }

    public String title() {
        return "pD " + detectionProbability + ", clutter " + Math.round(clutter) + ", S " + sensors;
    }

    double logMiss() {
        return Math.log1p(-detectionProbability);
    }

    double kappa() {
        return clutter / (4 * Scene.HALF_WIDTH * Scene.HALF_WIDTH);
    }

    double logFalseAlarm() {
        return FalseAlarms.logCredibility(
                clutter, 4 * Scene.HALF_WIDTH * Scene.HALF_WIDTH, Math.pow(sigma, 4), 2, detectionProbability);
    }
}
