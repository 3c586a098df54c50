package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureProduct;
import sightline.operators.possibility.MixtureReduction;

/**
 * Fusion of tracks label by label: {@code p = prod p_s / c}, {@code w = c prod w_s}, {@code a = prod a_s}, then both
 * divided by the larger, with c the supremum of the product. On tables that hold shares of the information this is exact
 * (split and product); on tables raised to weights of sum one it is the geometric mean, conservative under any
 * correlation. The supremum competes with absence: nodes that do not speak of the same target lower its presence.
 *
 * <p>Scratch: one instance a thread. Inputs are not changed.
 */
public final class TrackFusion {
    /** Room for terms of an unfinished product, as a multiple of what a fused track keeps: its last factor decides. */
    private static final int UNFINISHED = 4;

    private static final double LOG_UNFINISHED_PRUNE = Math.log(1e-5);

    private final double gate;
    private final int terms;
    private final double termRadius;
    private final double logTermPrune;
    private final MixtureProduct product = new MixtureProduct(4);
    private final MixtureReduction reduction = new MixtureReduction(4);
    private final MaxMixture scratch = new MaxMixture(4, 64);

    /**
     * @param gate squared distance beyond which two terms do not meet
     * @param terms most terms of a fused track
     * @param termRadius squared distance of absorption
     * @param logTermPrune terms at or below it go
     */
    public TrackFusion(double gate, int terms, double termRadius, double logTermPrune) {
        this.gate = gate;
        this.terms = terms;
        this.termRadius = termRadius;
        this.logTermPrune = logTermPrune;
    }

    /**
     * Product of tables by label. A label that is missing from a table keeps that table's factor at (1, 1): silence is
     * ignorance. Tracks whose places exclude each other are dropped.
     *
     * <p>After m of S factors the terms are about S/m times as wide as in the end, so that terms which will come apart still
     * lie close: the radius of absorption shrinks with the share of the product that is done.
     */
    public List<TrackHypothesis> product(List<List<TrackHypothesis>> tables) {
        Map<TrackLabel, TrackHypothesis> fused = new HashMap<>();
        List<TrackLabel> order = new ArrayList<>();
        for (int m = 0; m < tables.size(); m++) {
            double done = (m + 1.0) / tables.size();
            for (TrackHypothesis track : tables.get(m)) {
                TrackHypothesis present = fused.get(track.label());
                if (present == null) {
                    fused.put(track.label(), track.copy());
                    order.add(track.label());
                } else {
                    multiply(present, track, UNFINISHED * terms, done * termRadius);
                }
            }
        }
        List<TrackHypothesis> out = new ArrayList<>();
        for (TrackLabel label : order) {
            TrackHypothesis track = fused.get(label);
            if (!track.where().isEmpty()) {
                reduction.reduce(track.where(), logTermPrune, termRadius, terms);
                out.add(track);
            }
        }
        return out;
    }

    /** Multiplies another node's view of the same track into {@code into}. */
    public void multiply(TrackHypothesis into, TrackHypothesis other) {
        multiply(into, other, terms, termRadius);
    }

    private void multiply(TrackHypothesis into, TrackHypothesis other, int most, double radius) {
        product.multiply(into.where(), other.where(), gate, LOG_UNFINISHED_PRUNE, scratch);
        double supremum = scratch.normalise();
        reduction.reduce(scratch, LOG_UNFINISHED_PRUNE, radius, most);
        into.where().copyFrom(scratch);
        into.credibilities(into.logPresence() + other.logPresence() + supremum, into.logAbsence() + other.logAbsence());
        into.support().merge(other.support());
    }

    /** The table with every track raised to a power. */
    public static List<TrackHypothesis> power(List<TrackHypothesis> table, double o) {
        List<TrackHypothesis> out = new ArrayList<>(table.size());
        for (TrackHypothesis track : table) {
            TrackHypothesis share = track.copy();
            share.power(o);
            out.add(share);
        }
        return out;
    }
}
