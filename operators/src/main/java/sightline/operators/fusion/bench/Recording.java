package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import sightline.operators.phd.Observation;

/** The scans of one run: {@code scans.get(step).get(sensor)}. The same for all methods. */
record Recording(Column column, List<List<List<Observation>>> scans) {
    static Recording of(Column column, List<List<double[]>> truth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double variance = column.sigma() * column.sigma();
        double logFalseAlarm = column.logFalseAlarm();
        List<List<List<Observation>>> steps = new ArrayList<>();
        for (List<double[]> targets : truth) {
            List<List<Observation>> sensors = new ArrayList<>();
            for (int s = 0; s < column.sensors(); s++) {
                List<Observation> seen = new ArrayList<>();
                for (double[] target : targets) {
                    if (random.nextDouble() < column.detectionProbability()) {
                        seen.add(new Observation.Position(
                                target[0] + column.sigma() * random.nextGaussian(),
                                target[1] + column.sigma() * random.nextGaussian(),
                                variance,
                                0,
                                variance,
                                logFalseAlarm));
                    }
                }
                int clutter = poisson(column.clutter(), random);
                for (int c = 0; c < clutter; c++) {
                    seen.add(new Observation.Position(
                            random.nextDouble(-Scene.HALF_WIDTH, Scene.HALF_WIDTH),
                            random.nextDouble(-Scene.HALF_WIDTH, Scene.HALF_WIDTH),
                            variance,
                            0,
                            variance,
                            logFalseAlarm));
                }
                sensors.add(Collections.unmodifiableList(seen));
            }
            steps.add(sensors);
        }
        return new Recording(column, steps);
    }

    private static int poisson(double mean, SplittableRandom random) {
        double limit = Math.exp(-mean);
        int k = 0;
        for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
            k++;
        }
        return k;
    }
}
