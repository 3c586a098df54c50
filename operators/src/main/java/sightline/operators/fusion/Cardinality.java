package sightline.operators.fusion;

import java.util.Arrays;
import java.util.List;
import sightline.operators.phd.TrackHypothesis;

/**
 * Credibility of the number of targets in a table: {@code c(n)} is the best product of n presences and all other
 * absences, divided by its maximum. Sorted by odds the best n are the first n, so one pass suffices.
 *
 * <p>Immutable.
 */
public final class Cardinality {
    private final double[] log;

    private Cardinality(double[] log) {
        this.log = log;
    }

    public static Cardinality of(List<TrackHypothesis> table) {
        double[] gain = new double[table.size()];
        double all = 0;
        for (int i = 0; i < gain.length; i++) {
            TrackHypothesis t = table.get(i);
            double absence = Math.max(-700, t.logAbsence());
            all += absence;
            gain[i] = Math.max(-700, t.logPresence()) - absence;
        }
        Arrays.sort(gain);
        double[] log = new double[gain.length + 1];
        log[0] = all;
        double best = all;
        for (int n = 1; n < log.length; n++) {
            log[n] = log[n - 1] + gain[gain.length - n];
            best = Math.max(best, log[n]);
        }
        for (int n = 0; n < log.length; n++) {
            log[n] -= best;
        }
        return new Cardinality(log);
    }

    /** Log-credibility of n targets; negative infinity beyond the table. */
    public double logAt(int n) {
        return n < log.length ? log[n] : Double.NEGATIVE_INFINITY;
    }

    /**
     * How far two tables can agree on the number of targets: {@code sup_n sqrt(c(n) d(n))} as a logarithm, 0 for tables
     * with a number that both hold fully credible. The idempotent form of the supremum before normalisation, so a table
     * agrees with itself at 0.
     */
    public double logAgreement(Cardinality other) {
        double best = Double.NEGATIVE_INFINITY;
        for (int n = 0; n < Math.min(log.length, other.log.length); n++) {
            best = Math.max(best, 0.5 * (log[n] + other.log[n]));
        }
        return best;
    }
}
