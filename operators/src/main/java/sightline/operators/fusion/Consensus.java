package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureProduct;

/**
 * Conservative fusion by neighbours only: in a round node i replaces its table by {@code prod_j F_j^(Pi_ij)} over itself
 * and its neighbours. Rows of Pi sum to one, so every round is a weighted geometric mean and never claims more than the
 * exact fusion would, whatever the nodes share; Pi is doubly stochastic, so many rounds approach the mean of all. L rounds
 * give node j's evidence the exponent {@code [Pi^L]_ij}.
 *
 * <p>Tracks meet by label; what is left over on both sides meets by place, inside a gate. Scratch: one instance a
 * thread. Inputs are not changed.
 */
public final class Consensus {
    /** How the weights of a mean are chosen. */
    public enum Weights {
        /** Metropolis weights of the graph: {@code 1 / (1 + max(deg_i, deg_j))}. */
        METROPOLIS,
        /**
         * Places by the exponent that makes the trace of the position covariance smallest, pair by pair and track by
         * track; credibilities by equal weights, because how sharply a node sees says nothing of whether it looked.
         */
        LEAST_TRACE
    }

    private static final double SAME_PLACE = 9;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int SEARCH = 12;
    private static final double WORTHWHILE = 0.99;

    private final TrackFusion fusion;
    private final Weights weights;
    private final double logLeastAgreement;
    private final MixtureProduct product = new MixtureProduct(4);
    private final MaxMixture pair = new MaxMixture(4, 1);

    /**
     * @param fusion of two tracks
     * @param weights of the means
     * @param logLeastAgreement neighbours whose {@link Cardinality#logAgreement} is below it are not listened to in a
     *     round (neither do they listen, so Pi stays doubly stochastic); negative infinity for everybody
     */
    public Consensus(TrackFusion fusion, Weights weights, double logLeastAgreement) {
        this.fusion = fusion;
        this.weights = weights;
        this.logLeastAgreement = logLeastAgreement;
    }

    /** Metropolis weights, row-major; a node without neighbours keeps all of its own. */
    public static double[][] metropolis(boolean[][] linked) {
        int n = linked.length;
        int[] degree = new int[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                degree[i] += i != j && linked[i][j] ? 1 : 0;
            }
        }
        double[][] pi = new double[n][n];
        for (int i = 0; i < n; i++) {
            pi[i][i] = 1;
            for (int j = 0; j < n; j++) {
                if (i != j && linked[i][j]) {
                    pi[i][j] = 1.0 / (1 + Math.max(degree[i], degree[j]));
                    pi[i][i] -= pi[i][j];
                }
            }
        }
        return pi;
    }

    /**
     * One round of all nodes.
     *
     * @param tables of the nodes
     * @param linked symmetric
     */
    public List<List<TrackHypothesis>> round(List<List<TrackHypothesis>> tables, boolean[][] linked) {
        boolean[][] heard = likeMinded(tables, linked);
        double[][] pi = metropolis(heard);
        List<List<TrackHypothesis>> out = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            out.add(weights == Weights.METROPOLIS ? mean(tables, pi[i], i) : sharpest(tables, heard[i], i));
        }
        return out;
    }

    private boolean[][] likeMinded(List<List<TrackHypothesis>> tables, boolean[][] linked) {
        List<Cardinality> counts = tables.stream().map(Cardinality::of).toList();
        int n = tables.size();
        boolean[][] heard = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                heard[i][j] = i != j && linked[i][j] && counts.get(i).logAgreement(counts.get(j)) >= logLeastAgreement;
            }
        }
        return heard;
    }

    private List<TrackHypothesis> mean(List<List<TrackHypothesis>> tables, double[] pi, int own) {
        List<List<TrackHypothesis>> powered = new ArrayList<>();
        powered.add(TrackFusion.power(tables.get(own), pi[own]));
        for (int j = 0; j < pi.length; j++) {
            if (j != own && pi[j] > 0) {
                powered.add(TrackFusion.power(matched(tables.get(own), tables.get(j)), pi[j]));
            }
        }
        return fusion.product(powered);
    }

    private List<TrackHypothesis> sharpest(List<List<TrackHypothesis>> tables, boolean[] heard, int own) {
        List<TrackHypothesis> fused = new ArrayList<>(tables.get(own));
        int met = 1;
        for (int j = 0; j < heard.length; j++) {
            if (heard[j]) {
                double keep = met / (met + 1.0);
                met++;
                fused = sharpest(fused, matched(fused, tables.get(j)), keep);
            }
        }
        return fused;
    }

    private List<TrackHypothesis> sharpest(List<TrackHypothesis> ours, List<TrackHypothesis> theirs, double keep) {
        List<TrackHypothesis> out = new ArrayList<>();
        for (TrackHypothesis track : ours) {
            TrackHypothesis other = find(theirs, track.label());
            out.add(other == null ? power(track, keep) : leastTrace(track, other, keep));
        }
        Set<TrackLabel> known = labels(ours);
        for (TrackHypothesis other : theirs) {
            if (!known.contains(other.label())) {
                out.add(power(other, 1 - keep));
            }
        }
        return out;
    }

    private static TrackHypothesis power(TrackHypothesis track, double o) {
        TrackHypothesis out = track.copy();
        out.power(o);
        return out;
    }

    /**
     * {@code p_a^o p_b^(1-o)} with o by golden-section search (the trace is convex in o for single Gaussians), and the
     * credibilities with the exponents {@code keep} and the rest. Where the search gains nothing, o is {@code keep}.
     */
    TrackHypothesis leastTrace(TrackHypothesis a, TrackHypothesis b, double keep) {
        double o = exponent(a, b);
        o = trace(a, b, o) < WORTHWHILE * trace(a, b, keep) ? o : keep;
        TrackHypothesis out = a.copy();
        out.where().power(o);
        out.credibilities(keep * a.logPresence(), keep * a.logAbsence());
        TrackHypothesis other = b.copy();
        other.where().power(1 - o);
        other.credibilities((1 - keep) * b.logPresence(), (1 - keep) * b.logAbsence());
        fusion.multiply(out, other);
        return out.where().isEmpty() ? power(a, keep) : out;
    }

    private double exponent(TrackHypothesis a, TrackHypothesis b) {
        double low = 0.02;
        double high = 0.98;
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = trace(a, b, left);
        double atRight = trace(a, b, right);
        for (int k = 0; k < SEARCH; k++) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = trace(a, b, left);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = trace(a, b, right);
            }
        }
        return (low + high) / 2;
    }

    private double trace(TrackHypothesis a, TrackHypothesis b, double o) {
        MaxMixture first = mode(a, o);
        MaxMixture second = mode(b, 1 - o);
        pair.clear();
        product.append(first, 0, second, 0, Double.POSITIVE_INFINITY, pair);
        return pair.covariances()[0] + pair.covariances()[5];
    }

    private static MaxMixture mode(TrackHypothesis t, double o) {
        MaxMixture out = new MaxMixture(4, 1);
        out.addTerm(t.where(), t.where().mode());
        out.power(o);
        return out;
    }

    /** Their table in our names: a track of theirs whose name we lack takes that of our nameless one at its place. */
    private List<TrackHypothesis> matched(List<TrackHypothesis> ours, List<TrackHypothesis> theirs) {
        Set<TrackLabel> known = labels(ours);
        Set<TrackLabel> taken = labels(theirs);
        List<TrackHypothesis> out = new ArrayList<>();
        for (TrackHypothesis track : theirs) {
            TrackHypothesis same = known.contains(track.label()) ? null : nearest(ours, track, taken);
            if (same == null) {
                out.add(track);
            } else {
                taken.add(same.label());
                out.add(track.relabelled(same.label()));
            }
        }
        return out;
    }

    private TrackHypothesis nearest(List<TrackHypothesis> ours, TrackHypothesis track, Set<TrackLabel> taken) {
        TrackHypothesis best = null;
        double least = SAME_PLACE;
        MaxMixture theirs = mode(track, 1);
        for (TrackHypothesis candidate : ours) {
            if (taken.contains(candidate.label())) {
                continue;
            }
            pair.clear();
            if (product.append(mode(candidate, 1), 0, theirs, 0, least, pair)) {
                least = -2
                        * (pair.logWeight(0)
                                - theirs.logWeight(0)
                                - candidate.where().logWeight(candidate.where().mode()));
                best = candidate;
            }
        }
        return best;
    }

    private static TrackHypothesis find(List<TrackHypothesis> table, TrackLabel label) {
        for (TrackHypothesis track : table) {
            if (track.label().equals(label)) {
                return track;
            }
        }
        return null;
    }

    private static Set<TrackLabel> labels(List<TrackHypothesis> table) {
        Set<TrackLabel> out = new HashSet<>();
        table.forEach(track -> out.add(track.label()));
        return out;
    }
}
