package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.baselines.Lmb;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Observation;

/** The labelled multi-Bernoulli baseline, read at four thresholds of existence. */
enum LmbContenders implements Contender.Maker {
    ITERATED("LMB iterated corrector"),
    PARALLEL("LMB parallel update");

    private final String title;

    LmbContenders(String title) {
        this.title = title;
    }

    @Override
    public List<String> readings() {
        return GmContenders.readings(title);
    }

    @Override
    public Contender make(Column column) {
        Lmb filter = new Lmb(new ConstantVelocity(5, ConstantVelocity.Kind.PIECEWISE), GmContenders.SURVIVAL);
        return (step, seen) -> {
            filter.predict(1, GmContenders.births(1), GmContenders.BIRTH_WEIGHT);
            update(filter, column, seen);
            List<List<double[]>> out = new ArrayList<>();
            for (double threshold : GmContenders.THRESHOLDS) {
                out.add(filter.extract(threshold));
            }
            return out;
        };
    }

    private void update(Lmb filter, Column column, List<List<Observation>> seen) {
        if (this == PARALLEL) {
            filter.parallelUpdate(seen, column.detectionProbability(), column.kappa());
        } else {
            seen.forEach(scan -> filter.update(scan, column.detectionProbability(), column.kappa()));
        }
    }
}
