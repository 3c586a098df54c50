package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.baselines.GmPhd;
import sightline.operators.baselines.GmPhdFusion;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Observation;
import sightline.operators.possibility.MaxMixture;

/** The Gaussian-mixture PHD baselines, each read at four thresholds so that the best can be picked in its favour. */
enum GmContenders implements Contender.Maker {
    ONE_SENSOR("GM-PHD one sensor"),
    ITERATED("GM-PHD iterated corrector"),
    GCI("GM-PHD GCI"),
    AVERAGE("GM-PHD AA");

    static final double[] THRESHOLDS = {0.5, 0.3, 0.1, 0.05};
    static final double SURVIVAL = 0.99;
    static final double BIRTH_WEIGHT = 0.03;

    private final String title;

    GmContenders(String title) {
        this.title = title;
    }

    @Override
    public List<String> readings() {
        return readings(title);
    }

    /** A row for each threshold. */
    static List<String> readings(String method) {
        List<String> out = new ArrayList<>();
        for (double threshold : THRESHOLDS) {
            out.add(method + ", tau " + threshold);
        }
        return out;
    }

    @Override
    public Contender make(Column column) {
        int nodes = this == GCI || this == AVERAGE ? column.sensors() : 1;
        List<GmPhd> filters = new ArrayList<>();
        for (int s = 0; s < nodes; s++) {
            filters.add(new GmPhd(new ConstantVelocity(5, ConstantVelocity.Kind.PIECEWISE), SURVIVAL));
        }
        GmPhdFusion fusion = new GmPhdFusion();
        return (step, seen) -> readings(run(filters, fusion, column, seen));
    }

    private MaxMixture run(List<GmPhd> filters, GmPhdFusion fusion, Column column, List<List<Observation>> seen) {
        double pd = column.detectionProbability();
        if (this == ONE_SENSOR || this == ITERATED) {
            GmPhd filter = filters.getFirst();
            filter.predict(1, births(BIRTH_WEIGHT));
            for (int s = 0; s < (this == ONE_SENSOR ? 1 : seen.size()); s++) {
                filter.update(seen.get(s), pd, column.kappa());
            }
            return filter.intensity();
        }
        List<MaxMixture> intensities = new ArrayList<>();
        for (int s = 0; s < seen.size(); s++) {
            filters.get(s).predict(1, births(BIRTH_WEIGHT));
            filters.get(s).update(seen.get(s), pd, column.kappa());
            intensities.add(filters.get(s).intensity());
        }
        MaxMixture fused = this == GCI ? fusion.gci(intensities) : fusion.average(intensities);
        filters.forEach(filter -> filter.intensity(fused.copy()));
        return fused;
    }

    private static List<List<double[]>> readings(MaxMixture intensity) {
        List<List<double[]>> out = new ArrayList<>();
        for (double threshold : THRESHOLDS) {
            out.add(GmPhd.extract(intensity, threshold));
        }
        return out;
    }

    /** The four places where targets appear, of a given weight. */
    static MaxMixture births(double weight) {
        MaxMixture out = new MaxMixture(4, 4);
        double[] covariance = {100, 0, 0, 0, 0, 100, 0, 0, 0, 0, 100, 0, 0, 0, 0, 100};
        for (double[] place : Scene.BIRTH_PLACES) {
            out.add(Math.log(weight), new double[] {place[0], place[1], 0, 0}, 0, covariance, 0);
        }
        return out;
    }
}
