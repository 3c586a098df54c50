package sightline.operators.phd;

import java.util.List;
import sightline.operators.possibility.MaxMixture;

/**
 * Measurement-driven birth: an observation that no track's mode explains starts a track whose place is unknown before
 * it (uniform prior: the posterior is the observation itself) and whose absence stays fully credible.
 */
final class Births {
    private final PositionUpdate update = new PositionUpdate();
    private final Linearisation placed = new Linearisation();
    private boolean[] explained = new boolean[16];

    /** Marks the observations inside the birth gate of some mode. */
    void explain(List<TrackHypothesis> tracks, int from, PairTable t, SensorScan scan, double gate) {
        int count = scan.observations().size();
        if (explained.length < count) {
            explained = new boolean[2 * count];
        }
        java.util.Arrays.fill(explained, 0, count, false);
        for (int i = from; i < tracks.size(); i++) {
            MaxMixture f = tracks.get(i).where;
            int mode = f.mode();
            for (int e = t.edgeStart[i]; e < t.edgeStart[i + 1]; e++) {
                int j = t.pairObservation[t.edgePair[e]];
                if (t.edgeTerm[e] == mode
                        && !explained[j]
                        && update.prepare(f, mode, scan.observations().get(j)) < gate) {
                    explained[j] = true;
                }
            }
        }
    }

    boolean explained(int observation) {
        return explained[observation];
    }

    void explained(int observation, boolean value) {
        explained[observation] = value;
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
