package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.SensorScan;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.possibility.MaxMixture;

/**
 * What every presence/absence method of the table is made of.
 *
 * @param settings of the filters
 * @param confirmations of measurement-driven birth beside the known places; 0 for known places only
 */
record PresenceParts(PresenceSettings settings, double confirmations) {
    private static final double EVERYWHERE = Double.NEGATIVE_INFINITY;

    static long nanos(int step) {
        return step * 1_000_000_000L;
    }

    PresenceFilter filter(String node, double split) {
        return filter(settings, node, split);
    }

    static PresenceFilter filter(PresenceSettings settings, String node, double split) {
        return new PresenceFilter(
                settings,
                new ConstantVelocity(5, ConstantVelocity.Kind.PIECEWISE),
                LabelSource.counting(node, 1),
                split);
    }

    /** Adds the four known places; the same names at every node. */
    static void births(PresenceFilter filter, LabelSource.Counting labels, long nanos) {
        MaxMixture places = GmContenders.births(1);
        for (int i = 0; i < places.size(); i++) {
            MaxMixture where = new MaxMixture(4);
            where.addTerm(places, i);
            filter.add(new TrackHypothesis(labels.next(), nanos, Math.log(GmContenders.BIRTH_WEIGHT), 0, where));
        }
    }

    static List<double[]> read(List<TrackHypothesis> tracks) {
        List<double[]> out = new ArrayList<>();
        for (TrackHypothesis t : tracks) {
            if (t.confirmed()) {
                int mode = t.where().mode();
                out.add(new double[] {t.where().means()[mode * 4], t.where().means()[mode * 4 + 1]});
            }
        }
        return out;
    }

    /** Log-credibility of an unknown target before any observation. */
    double logBirth(Column column) {
        return confirmations == 0 ? EVERYWHERE : confirmations * column.logFalseAlarm();
    }

    SensorScan scan(Column column, int step, int sensor, List<Observation> seen) {
        return scan(column, step, sensor, seen, logBirth(column));
    }

    /** A scan that starts no tracks. */
    SensorScan silent(Column column, int step, int sensor, List<Observation> seen) {
        return scan(column, step, sensor, seen, EVERYWHERE);
    }

    private static SensorScan scan(Column column, int step, int sensor, List<Observation> seen, double logBirth) {
        Coverage coverage = Coverage.of(FieldOfView.EVERYWHERE, column.detectionProbability());
        return new SensorScan("s" + sensor, step, nanos(step), coverage, logBirth, seen);
    }
}
