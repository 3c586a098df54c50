package sightline.operators.phd;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureReduction;

/**
 * The possibilistic PHD filter in product form: a presence function {@code F(x) = max_i w_i N(x; m_i, P_i)}, with
 * {@code pi(X) = prod F(x)} over the set and absence always fully credible.
 *
 * <pre>
 *   predict  F'(x) = max( births, sup_x' q(x|x') F(x') )
 *   update   F(x) r(x),  r(x) = max( alpha_nd, max_y alpha_d l(y|x) / max(F_fa(y), G(y)) ),  G(y) = sup alpha_d l F
 * </pre>
 *
 * <p>This is the PHD corrector with (sum, integral) replaced by (max, supremum). It is the most specific function of
 * product form that dominates the exact posterior, so it loses information but invents none. Derived from the joint
 * credibility of sets and associations; checked against enumeration in the tests.
 *
 * <p>Mutable, one thread at a time.
 */
public final class PossibilisticPhd {
    private final Motion motion;
    private final double gate;
    private final double logPrune;
    private final double radius;
    private final int cap;
    private final MaxMixture state = new MaxMixture(4, 64);
    private final MaxMixture fresh = new MaxMixture(4, 64);
    private final PositionUpdate update = new PositionUpdate();
    private final MixtureReduction reduction = new MixtureReduction(4);
    private final ObservationGrid grid = new ObservationGrid();
    private int[] edgeTerm = new int[64];
    private int[] edgeObservation = new int[64];
    private double[] edgeLog = new double[64];
    private double[] denominator = new double[16];

    /**
     * @param motion of the targets
     * @param gate on the squared innovation distance
     * @param logPrune terms at or below it go; far below the smallest weight that matters
     * @param radius squared distance of absorption
     * @param cap most terms
     */
    public PossibilisticPhd(Motion motion, double gate, double logPrune, double radius, int cap) {
        this.motion = motion;
        this.gate = gate;
        this.logPrune = logPrune;
        this.radius = radius;
        this.cap = cap;
    }

    /** The live presence function. */
    public MaxMixture presence() {
        return state;
    }

    public void predict(double seconds) {
        motion.predict(state, seconds, 1);
    }

    /** The maximum with further terms: births, or measurement-driven ones. */
    public void join(MaxMixture births) {
        for (int i = 0; i < births.size(); i++) {
            state.addTerm(births, i);
        }
    }

    /** Multiplies by the factor of a scan; several scans in turn are the iterated corrector. */
    public void update(SensorScan scan) {
        explain(scan);
        multiply(scan, denominator);
        state.copyFrom(fresh);
        reduction.reduce(state, logPrune, radius, cap);
    }

    /**
     * Parallel update: the predicted presence function times the factors of all scans, each factor taken against the
     * prediction. The order does not matter in theory; here scans are applied in their one order, so that nodes which
     * exchanged the same scans hold the same numbers. See {@link #update} for the iterated form.
     */
    public void updateTogether(List<SensorScan> scans) {
        List<SensorScan> sorted = scans.stream().sorted().toList();
        List<double[]> denominators = new ArrayList<>();
        for (SensorScan scan : sorted) {
            explain(scan);
            denominators.add(
                    java.util.Arrays.copyOf(denominator, scan.observations().size()));
        }
        for (int s = 0; s < sorted.size(); s++) {
            multiply(sorted.get(s), denominators.get(s));
            state.copyFrom(fresh);
            reduction.reduce(state, logPrune, 0, 4 * cap);
        }
        reduction.reduce(state, logPrune, radius, cap);
    }

    /** Credibility of the best explanation of each observation: a false alarm or a target. */
    private void explain(SensorScan scan) {
        List<Observation> seen = scan.observations();
        grid.build(seen);
        if (denominator.length < seen.size()) {
            denominator = new double[2 * seen.size()];
        }
        for (int j = 0; j < seen.size(); j++) {
            denominator[j] = seen.get(j).logFalseAlarm();
        }
        for (int i = 0; i < state.size(); i++) {
            double x = state.means()[i * 4];
            double y = state.means()[i * 4 + 1];
            double detection = scan.coverage().logDetection(x, y);
            if (detection == Double.NEGATIVE_INFINITY) {
                continue;
            }
            grid.query(x, y, state.covariances()[i * 16] + state.covariances()[i * 16 + 5], gate);
            for (int k = 0; k < grid.count(); k++) {
                int j = grid.get(k);
                double d2 = update.prepare(state, i, seen.get(j));
                if (d2 < gate) {
                    denominator[j] = Math.max(denominator[j], detection + state.logWeight(i) - 0.5 * d2);
                }
            }
        }
    }

    private void multiply(SensorScan scan, double[] denominators) {
        List<Observation> seen = scan.observations();
        grid.build(seen);
        fresh.clear();
        int edges = 0;
        for (int i = 0; i < state.size(); i++) {
            double x = state.means()[i * 4];
            double y = state.means()[i * 4 + 1];
            fresh.add(
                    state.logWeight(i) + scan.coverage().logMiss(x, y),
                    state.means(),
                    i * 4,
                    state.covariances(),
                    i * 16);
            double detection = scan.coverage().logDetection(x, y);
            if (detection == Double.NEGATIVE_INFINITY) {
                continue;
            }
            grid.query(x, y, state.covariances()[i * 16] + state.covariances()[i * 16 + 5], gate);
            for (int k = 0; k < grid.count(); k++) {
                int j = grid.get(k);
                double d2 = update.prepare(state, i, seen.get(j));
                if (d2 < gate) {
                    double log = detection + state.logWeight(i) - 0.5 * d2;
                    edges = edge(edges, i, j, log);
                }
            }
        }
        for (int e = 0; e < edges; e++) {
            update.prepare(state, edgeTerm[e], seen.get(edgeObservation[e]));
            update.apply(state, edgeTerm[e], edgeLog[e] - denominators[edgeObservation[e]], fresh);
        }
    }

    private int edge(int at, int term, int observation, double log) {
        if (at == edgeTerm.length) {
            edgeTerm = java.util.Arrays.copyOf(edgeTerm, 2 * at);
            edgeObservation = java.util.Arrays.copyOf(edgeObservation, 2 * at);
            edgeLog = java.util.Arrays.copyOf(edgeLog, 2 * at);
        }
        edgeTerm[at] = term;
        edgeObservation[at] = observation;
        edgeLog[at] = log;
        return at + 1;
    }

    /** Terms of weight at least tau, strongest first: the targets that the filter speaks for. */
    public MaxMixture extract(double tau) {
        MaxMixture out = state.copy();
        reduction.reduce(out, Math.nextDown(Math.log(tau)), 0, cap);
        return out;
    }
}
