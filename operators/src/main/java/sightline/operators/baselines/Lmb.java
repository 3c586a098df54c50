package sightline.operators.baselines;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.phd.Motion;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PositionUpdate;
import sightline.operators.possibility.MaxMixture;

/**
 * Labelled multi-Bernoulli filter (Reuter, Vo, Vo and Dietmayer 2014) with association marginals by belief propagation:
 * each track has a probability of existence and a Gaussian sum of mass 1. Several sensors come together either one
 * after the other (iterated corrector) or by parallel update: every sensor updates the same prediction alone and the
 * posteriors are multiplied with the prior divided out once less than there are sensors (Robertson, van Daalen and du
 * Preez 2022). The quotient of a posterior and its prior is {@code beta_0 + sum_j beta_j N(y_j; Hx, R) / q_j}, which is
 * multiplied in without any approximation before reduction.
 *
 * <p>Mutable, one thread.
 */
public final class Lmb {
    private static final double GATE = 16;
    private static final double LEAST_EXISTENCE = 1e-3;
    private static final double TERM_PRUNE = 1e-4;
    private static final double TERM_MERGE = 4;
    private static final int TERMS = 8;

    private static final class Track {
        double existence;
        MaxMixture where;

        Track(double existence, MaxMixture where) {
            this.existence = existence;
            this.where = where;
        }
    }

    /** What one sensor says of the tracks: row-major marginals, probability of no measurement, predicted likelihoods. */
    private record Verdict(List<Observation> seen, double[] marginal, double[] none, double[] likelihood) {}

    private final Motion motion;
    private final double survival;
    private final PositionUpdate update = new PositionUpdate();
    private final GaussianSum sums = new GaussianSum();
    private final AssociationMarginals marginals = new AssociationMarginals();
    private final List<Track> tracks = new ArrayList<>();

    public Lmb(Motion motion, double survival) {
        this.motion = motion;
        this.survival = survival;
    }

    /** Predicts, and adds one new track of the given existence at each term of {@code places} (weights are ignored). */
    public void predict(double seconds, MaxMixture places, double birthExistence) {
        for (Track track : tracks) {
            motion.predict(track.where, seconds, 1);
            track.existence *= survival;
        }
        for (int i = 0; i < places.size(); i++) {
            MaxMixture where = new MaxMixture(4);
            where.addTerm(places, i);
            where.logWeight(0, 0);
            tracks.add(new Track(birthExistence, where));
        }
    }

    /** One sensor; several are applied in turn. */
    public void update(List<Observation> seen, double detectionProbability, double kappa) {
        parallelUpdate(List.of(seen), detectionProbability, kappa);
    }

    /** All sensors against the same prediction. */
    public void parallelUpdate(List<List<Observation>> sensors, double detectionProbability, double kappa) {
        List<Verdict> verdicts = new ArrayList<>();
        for (List<Observation> seen : sensors) {
            verdicts.add(judge(seen, detectionProbability, kappa));
        }
        for (int i = 0; i < tracks.size(); i++) {
            Track track = tracks.get(i);
            double prior = track.existence;
            double logOdds = Math.log(prior) - Math.log1p(-prior);
            for (Verdict verdict : verdicts) {
                logOdds += multiply(track.where, i, verdict, prior, detectionProbability);
            }
            track.existence = Math.clamp(1 / (1 + Math.exp(-logOdds)), 1e-12, 1 - 1e-12);
            sums.reduce(track.where, TERM_PRUNE, TERM_MERGE, TERMS);
            scale(track.where);
        }
        tracks.removeIf(track -> track.existence < LEAST_EXISTENCE);
    }

    private Verdict judge(List<Observation> seen, double detectionProbability, double kappa) {
        int m = seen.size();
        double[] likelihood = new double[tracks.size() * m];
        double[] weights = new double[tracks.size() * m];
        for (int i = 0; i < tracks.size(); i++) {
            Track track = tracks.get(i);
            double silent = 1 - track.existence * detectionProbability;
            for (int j = 0; j < m; j++) {
                double q = 0;
                for (int c = 0; c < track.where.size(); c++) {
                    q += Math.exp(track.where.logWeight(c)) * density(track.where, c, seen.get(j));
                }
                likelihood[i * m + j] = q;
                weights[i * m + j] = track.existence * detectionProbability * q / (kappa * silent);
            }
        }
        double[] none = new double[tracks.size()];
        marginals.solve(weights, tracks.size(), m, none);
        return new Verdict(seen, weights, none, likelihood);
    }

    /** Multiplies posterior over prior into a track and returns what the sensor adds to its log-odds of existence. */
    private double multiply(MaxMixture where, int i, Verdict verdict, double prior, double detectionProbability) {
        int m = verdict.seen().size();
        double silent = 1 - prior * detectionProbability;
        double missed = verdict.none()[i] * prior * (1 - detectionProbability) / silent;
        double existence = missed;
        for (int j = 0; j < m; j++) {
            existence += verdict.marginal()[i * m + j];
        }
        existence = Math.clamp(existence, 1e-12, 1 - 1e-12);
        MaxMixture out = new MaxMixture(4, 2 * where.size());
        for (int c = 0; c < where.size(); c++) {
            int at = out.size();
            out.addTerm(where, c);
            out.logWeight(at, where.logWeight(c) + Math.log(missed / existence));
            for (int j = 0; j < m; j++) {
                double share = verdict.marginal()[i * m + j] / existence;
                if (share > 1e-9) {
                    double density = density(where, c, verdict.seen().get(j));
                    if (density > 0) {
                        double ratio = share * density / verdict.likelihood()[i * m + j];
                        update.apply(where, c, where.logWeight(c) + Math.log(ratio), out);
                    }
                }
            }
        }
        sums.reduce(out, TERM_PRUNE * TERM_PRUNE, 0.5, 4 * TERMS);
        where.copyFrom(out);
        double mass = scale(where);
        return Math.log(existence) - Math.log1p(-existence) - Math.log(prior) + Math.log1p(-prior) + Math.log(mass);
    }

    private double density(MaxMixture f, int term, Observation y) {
        double d2 = update.prepare(f, term, y);
        return d2 < GATE
                ? Math.exp(-0.5 * (d2 + Math.log(update.determinant()) + update.dimension() * Math.log(2 * Math.PI)))
                : 0;
    }

    /** Makes the mass 1 and returns what it was. */
    private static double scale(MaxMixture f) {
        double mass = 0;
        for (int i = 0; i < f.size(); i++) {
            mass += Math.exp(f.logWeight(i));
        }
        f.shift(-Math.log(mass));
        return mass;
    }

    /** Mean of the heaviest term of every track whose existence is above a threshold. */
    public List<double[]> extract(double threshold) {
        List<double[]> out = new ArrayList<>();
        for (Track track : tracks) {
            if (track.existence > threshold) {
                int mode = track.where.mode();
                out.add(new double[] {track.where.means()[mode * 4], track.where.means()[mode * 4 + 1]});
            }
        }
        return out;
    }

    /** Probabilities of existence, oldest track first. */
    public double[] existences() {
        return tracks.stream().mapToDouble(track -> track.existence).toArray();
    }
}
