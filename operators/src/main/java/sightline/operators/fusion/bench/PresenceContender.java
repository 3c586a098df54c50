package sightline.operators.fusion.bench;

import java.util.List;
import sightline.operators.fusion.Consensus;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;

/**
 * The presence/absence filter in one of its forms.
 *
 * @param title row of the table
 * @param form how the sensors come together
 * @param parts settings and births
 */
record PresenceContender(String title, Form form, PresenceParts parts) implements Contender.Maker {
    enum Form {
        /** One filter hears all sensors. */
        CENTRAL,
        /** One node a sensor, all starting from one fused table: each holds a share of it and all of its own scan. */
        SPLIT_PRODUCT,
        /** One node a sensor, all starting from one fused table: each holds all of it; uniform geometric mean. */
        GEOMETRIC_MEAN,
        /** Every node keeps a table of its own on a ring; two rounds with Metropolis weights after each step. */
        METROPOLIS,
        /** The same, with the weights that make each track's trace smallest. */
        LEAST_TRACE,
        /** Metropolis among neighbours that agree on the number of targets. */
        LIKE_MINDED
    }

    private static final int ROUNDS = 2;
    /** Like-minded: some number of targets is credible to more than a tenth at both. */
    private static final double LOG_AGREEMENT = Math.log(0.1);

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
        return switch (form) {
            case CENTRAL -> new Central(column);
            case SPLIT_PRODUCT -> new CommonTable(parts, column, true);
            case GEOMETRIC_MEAN -> new CommonTable(parts, column, false);
            case METROPOLIS ->
                new OwnTables(parts, column, ROUNDS, Consensus.Weights.METROPOLIS, Double.NEGATIVE_INFINITY);
            case LEAST_TRACE ->
                new OwnTables(parts, column, ROUNDS, Consensus.Weights.LEAST_TRACE, Double.NEGATIVE_INFINITY);
            case LIKE_MINDED -> new OwnTables(parts, column, ROUNDS, Consensus.Weights.METROPOLIS, LOG_AGREEMENT);
        };
    }

    private final class Central implements Contender {
        private final Column column;
        private final PresenceFilter filter = parts.filter("n", 1);
        private final LabelSource.Counting places = LabelSource.counting("place", 1);

        Central(Column column) {
            this.column = column;
        }

        @Override
        public List<List<double[]>> step(int step, List<List<Observation>> seen) {
            filter.predictTo(PresenceParts.nanos(step));
            PresenceParts.births(filter, places, PresenceParts.nanos(step));
            for (int s = 0; s < seen.size(); s++) {
                filter.update(parts.scan(column, step, s, seen.get(s)));
            }
            filter.reduce();
            return List.of(PresenceParts.read(filter.tracks()));
        }
    }
}
