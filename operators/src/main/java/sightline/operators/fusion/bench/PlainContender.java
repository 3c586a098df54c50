package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PossibilisticPhd;
import sightline.operators.phd.SensorScan;
import sightline.operators.possibility.MaxMixture;

/**
 * The possibilistic PHD in product form with iterated corrector: tracks live through {@code misses} missed detections.
 */
record PlainContender(int misses) implements Contender.Maker {
    @Override
    public List<String> readings() {
        return List.of("possibilistic PHD, plain, iterated corrector, k " + misses);
    }

    @Override
    public Contender make(Column column) {
        double tau = 0.9 * Math.pow(1 - column.detectionProbability(), misses);
        MaxMixture births = GmContenders.births(1.2 * tau * Math.exp(column.logFalseAlarm()));
        PossibilisticPhd phd = new PossibilisticPhd(
                new ConstantVelocity(5, ConstantVelocity.Kind.PIECEWISE), 16, Math.log(1e-8), 9, 100);
        Coverage coverage = Coverage.of(FieldOfView.EVERYWHERE, column.detectionProbability());
        return (step, seen) -> {
            phd.predict(1);
            phd.join(births);
            for (List<Observation> scan : seen) {
                phd.update(new SensorScan("s", step, step, coverage, Double.NEGATIVE_INFINITY, scan));
            }
            MaxMixture targets = phd.extract(tau);
            List<double[]> out = new ArrayList<>();
            for (int i = 0; i < targets.size(); i++) {
                out.add(new double[] {targets.means()[i * 4], targets.means()[i * 4 + 1]});
            }
            return List.of(out);
        };
    }
}
