package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PositionUpdate;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.possibility.MaxMixture;

/**
 * Joins tracks that several nodes started for the same target. The first, by node, is kept and takes each later one's
 * position as an observation; the later one's odds of presence count without its birth credibility, which the first has
 * already paid. Velocity of the later one is given up: its prior is not independent.
 */
final class NewTracks {
    /** Counters do not decide: a late scan may have got a later one. */
    private static final Comparator<TrackHypothesis> ORDER = Comparator.comparing(
                    (TrackHypothesis t) -> t.label().node())
            .thenComparingDouble(t -> t.where().means()[t.where().mode() * 4])
            .thenComparingDouble(t -> t.where().means()[t.where().mode() * 4 + 1])
            .thenComparing(TrackHypothesis::label);

    private final double logBirth;
    private final double gate;
    private final PositionUpdate update = new PositionUpdate();

    NewTracks(double logBirth, double gate) {
        this.logBirth = logBirth;
        this.gate = gate;
    }

    List<TrackHypothesis> join(List<TrackHypothesis> births) {
        List<TrackHypothesis> sorted = new ArrayList<>(births);
        sorted.sort(ORDER);
        List<TrackHypothesis> out = new ArrayList<>();
        for (TrackHypothesis birth : sorted) {
            TrackHypothesis same = nearest(out, birth);
            if (same == null) {
                out.add(birth.copy());
            } else {
                absorb(same, birth);
            }
        }
        return out;
    }

    private TrackHypothesis nearest(List<TrackHypothesis> kept, TrackHypothesis birth) {
        TrackHypothesis best = null;
        double least = gate;
        Observation seen = position(birth);
        for (TrackHypothesis other : kept) {
            if (other.label().node().equals(birth.label().node())) {
                continue;
            }
            double d2 = update.prepare(other.where(), other.where().mode(), seen);
            if (d2 < least) {
                least = d2;
                best = other;
            }
        }
        return best;
    }

    private void absorb(TrackHypothesis into, TrackHypothesis birth) {
        Observation seen = position(birth);
        MaxMixture f = into.where();
        MaxMixture fresh = new MaxMixture(4, f.size());
        for (int i = 0; i < f.size(); i++) {
            double d2 = update.prepare(f, i, seen);
            if (d2 < 2 * gate) {
                update.apply(f, i, f.logWeight(i) - 0.5 * d2, fresh);
            }
        }
        double supremum = fresh.normalise();
        f.copyFrom(fresh);
        double evidence = Math.max(0, birth.logPresence() - birth.logAbsence() - logBirth);
        into.credibilities(into.logPresence() + supremum + evidence, into.logAbsence());
        into.support().merge(birth.support());
    }

    private static Observation position(TrackHypothesis track) {
        int mode = track.where().mode();
        double[] m = track.where().means();
        double[] p = track.where().covariances();
        return new Observation.Position(
                m[mode * 4], m[mode * 4 + 1], p[mode * 16], p[mode * 16 + 1], p[mode * 16 + 5], 0);
    }
}
