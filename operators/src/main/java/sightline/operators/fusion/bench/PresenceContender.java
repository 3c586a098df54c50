package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.fusion.TrackFusion;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.PresenceState;
import sightline.operators.phd.SensorScan;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.possibility.MaxMixture;

/**
 * The presence/absence filter: central, or one node a sensor with a fusion of tables after every step, all nodes
 * starting from the same fused table.
 *
 * @param title row of the table
 * @param form how the sensors come together
 * @param settings of the filters
 * @param confirmations of measurement-driven birth beside the known places; 0 for known places only
 */
record PresenceContender(String title, Form form, PresenceSettings settings, double confirmations)
        implements Contender.Maker {
    enum Form {
        CENTRAL,
        SPLIT_PRODUCT,
        GEOMETRIC_MEAN
    }

    /** The settings under which the reference figures of the table were made. */
    static PresenceSettings plainSettings() {
        return new PresenceSettings(
                16,
                9,
                4,
                1,
                Math.log(1e-3),
                4,
                Math.log(1e-6),
                0.01,
                0.3,
                0.3,
                15,
                PresenceSettings.Exclusion.BEST_OTHER,
                100);
    }

    @Override
    public List<String> readings() {
        return List.of(title);
    }

    @Override
    public Contender make(Column column) {
        return form == Form.CENTRAL ? new Central(column) : new Network(column);
    }

    private PresenceFilter filter(double split) {
        return new PresenceFilter(
                settings,
                new ConstantVelocity(5, ConstantVelocity.Kind.PIECEWISE),
                LabelSource.counting("n", 1),
                split);
    }

    private static void births(PresenceFilter filter, LabelSource.Counting labels, long nanos) {
        MaxMixture places = GmContenders.births(1);
        for (int i = 0; i < places.size(); i++) {
            MaxMixture where = new MaxMixture(4);
            where.addTerm(places, i);
            filter.add(new TrackHypothesis(labels.next(), nanos, Math.log(GmContenders.BIRTH_WEIGHT), 0, where));
        }
    }

    private static List<double[]> read(List<TrackHypothesis> tracks) {
        List<double[]> out = new ArrayList<>();
        for (TrackHypothesis t : tracks) {
            if (t.confirmed()) {
                int mode = t.where().mode();
                double[] m = t.where().means();
                double[] p = t.where().covariances();
                out.add(new double[] {
                    m[mode * 4],
                    m[mode * 4 + 1],
                    p[mode * 16],
                    p[mode * 16 + 1],
                    p[mode * 16 + 5],
                    t.label().counter()
                });
            }
        }
        return out;
    }

    private SensorScan scan(Column column, int step, int sensor, List<Observation> seen) {
        Coverage coverage = Coverage.of(FieldOfView.EVERYWHERE, column.detectionProbability());
        return new SensorScan(
                "s" + sensor,
                step,
                nanos(step),
                coverage,
                confirmations == 0 ? Double.NEGATIVE_INFINITY : confirmations * column.logFalseAlarm(),
                seen);
    }

    private static long nanos(int step) {
        return step * 1_000_000_000L;
    }

    private final class Central implements Contender {
        private final Column column;
        private final PresenceFilter filter = filter(1);
        private final LabelSource.Counting places = LabelSource.counting("place", 1);

        Central(Column column) {
            this.column = column;
        }

        @Override
        public List<List<double[]>> step(int step, List<List<Observation>> seen) {
            filter.predictTo(nanos(step));
            births(filter, places, nanos(step));
            for (int s = 0; s < seen.size(); s++) {
                filter.update(scan(column, step, s, seen.get(s)));
            }
            filter.reduce();
            return List.of(read(filter.tracks()));
        }
    }

    private final class Network implements Contender {
        private final Column column;
        private final PresenceFilter fused = filter(1);
        private final LabelSource.Counting places = LabelSource.counting("place", 1);
        private final TrackFusion fusion;

        Network(Column column) {
            this.column = column;
            fusion = new TrackFusion(60, settings.terms(), settings.termRadius(), settings.logTermPrune());
        }

        @Override
        public List<List<double[]>> step(int step, List<List<Observation>> seen) {
            fused.predictTo(nanos(step));
            births(fused, places, nanos(step));
            PresenceState full = fused.save();
            double o = 1.0 / seen.size();
            List<List<TrackHypothesis>> tables = new ArrayList<>();
            for (int s = 0; s < seen.size(); s++) {
                PresenceFilter local = filter(form == Form.SPLIT_PRODUCT ? o : 1);
                local.restore(full);
                if (form == Form.SPLIT_PRODUCT) {
                    local.tracks().forEach(t -> t.power(o));
                }
                local.update(scan(column, step, s, seen.get(s)), fused);
                tables.add(form == Form.SPLIT_PRODUCT ? local.tracks() : TrackFusion.power(local.tracks(), o));
            }
            List<TrackHypothesis> next = fusion.product(tables);
            fused.restore(new PresenceState(full.timeNanos(), full.labelMark(), next));
            fused.reduce();
            return List.of(read(fused.tracks()));
        }
    }
}
