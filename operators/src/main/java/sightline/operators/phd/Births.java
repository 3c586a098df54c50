package sightline.operators.phd;

import java.util.Arrays;
import sightline.operators.possibility.MaxMixture;

/**
 * Measurement-driven birth: an observation that no track's mode explains starts a track whose place is unknown before
 * it (uniform prior: the posterior is the observation itself) and whose absence stays fully credible.
 */
final class Births {
    private final Linearisation placed = new Linearisation();
    private boolean[] explained = new boolean[16];

    /** Marks the observations inside the birth gate of some mode. */
    void explain(PairTable t, int count, double gate) {
        if (explained.length < count) {
            explained = new boolean[2 * count];
        }
        Arrays.fill(explained, 0, count, false);
        for (int i = 0; i < t.tracks; i++) {
            for (int e = t.edgeStart[i]; e < t.edgeStart[i + 1]; e++) {
                if (t.edgeTerm[e] == t.mode[i] && t.edgeSquared[e] < gate) {
                    explained[t.pairObservation[t.edgePair[e]]] = true;
                }
            }
        }
    }

    boolean explained(int observation) {
        return explained[observation];
    }

    TrackHypothesis create(TrackLabel label, SensorScan scan, Observation o, double birthSpeed) {
        o.place(placed);
        MaxMixture where = new MaxMixture(4, 1);
        where.append(0);
        double[] m = where.means();
        double[] p = where.covariances();
        m[0] = placed.e0;
        m[1] = placed.e1;
        p[0] = placed.r00;
        p[1] = placed.r01;
        p[4] = placed.r01;
        p[5] = placed.r11;
        p[10] = birthSpeed * birthSpeed;
        p[15] = birthSpeed * birthSpeed;
        double logPresence = Math.min(0, scan.logBirth() - o.logFalseAlarm());
        return new TrackHypothesis(label, scan.timeNanos(), logPresence, 0, where);
    }
}
