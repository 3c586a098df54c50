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
 * already paid. Velocity of the later one is given up: its prior is not independent. A node that looked there and started
 * nothing has missed it, if that can be told.
 *
 * <p>Scratch: one instance a thread.
 */
public final class NewTracks {
    /** Counters do not decide: a late scan may have got a later one. */
    private static final Comparator<TrackHypothesis> ORDER = Comparator.comparing(
                    (TrackHypothesis t) -> t.label().node())
            .thenComparingDouble(t -> t.where().means()[t.where().mode() * 4])
            .thenComparingDouble(t -> t.where().means()[t.where().mode() * 4 + 1])
            .thenComparing(TrackHypothesis::label);

    private final double logBirth;
    private final double gate;
    private final PositionUpdate update = new PositionUpdate();

    /**
     * @param logBirth log-credibility of an unknown target before any observation
     * @param gate squared distance within which two places are the same
     */
    public NewTracks(double logBirth, double gate) {
        this.logBirth = logBirth;
        this.gate = gate;
    }

    /** Joins the new tracks of all nodes where nothing is known of those that started none. */
    List<TrackHypothesis> join(List<TrackHypothesis> births) {
        return join(births, 0, 0);
    }

    /**
     * Joins the new tracks of all nodes.
     *
     * @param nodes that looked everywhere
     * @param logMiss of a node that started no track at a place
     */
    public List<TrackHypothesis> join(List<TrackHypothesis> births, int nodes, double logMiss) {
        List<TrackHypothesis> sorted = new ArrayList<>(births);
        sorted.sort(ORDER);
        List<TrackHypothesis> out = new ArrayList<>();
        List<Integer> finders = new ArrayList<>();
        for (TrackHypothesis birth : sorted) {
            int same = nearest(out, birth);
            if (same < 0) {
                out.add(birth.copy());
                finders.add(1);
            } else {
                absorb(out.get(same), birth);
                finders.set(same, finders.get(same) + 1);
            }
        }
        for (int i = 0; i < out.size(); i++) {
            TrackHypothesis track = out.get(i);
            double missed = Math.max(0, nodes - finders.get(i)) * logMiss;
            track.credibilities(track.logPresence() + missed, track.logAbsence());
        }
        return out;
    }

    private int nearest(List<TrackHypothesis> kept, TrackHypothesis birth) {
        int best = -1;
        double least = gate;
        Observation seen = position(birth);
        for (int i = 0; i < kept.size(); i++) {
            TrackHypothesis other = kept.get(i);
            if (other.label().node().equals(birth.label().node())) {
                continue;
            }
            double d2 = update.prepare(other.where(), other.where().mode(), seen);
            if (d2 < least) {
                least = d2;
                best = i;
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
