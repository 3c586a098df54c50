package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

/**
 * Folds in beliefs whose prior is not ours, so that what they share with us is unknown: the geometric mean
 * {@code f^o g^(1-o)} never claims more than the exact fusion, whatever the correlation. For a track that both hold, o is
 * chosen on a grid for the smallest determinant; a track that only they hold is met by our ignorance and enters with half
 * of their exponent, if they hold its presence fully credible: halving makes doubtful tracks less doubtful, so that
 * false alarms which go back and forth between disagreeing nodes would become targets.
 */
final class AlienBeliefs {
    private static final double[] WEIGHTS = {1, 0.8, 0.6, 0.4, 0.2};

    private final TrackFusion fusion = new TrackFusion(60, 4, 1, Math.log(1e-3));

    /** Changes {@code fused} in place. */
    void fold(List<TrackHypothesis> fused, List<List<TrackHypothesis>> aliens) {
        if (aliens.isEmpty()) {
            return;
        }
        Map<TrackLabel, Integer> at = new HashMap<>();
        for (int i = 0; i < fused.size(); i++) {
            at.put(fused.get(i).label(), i);
        }
        for (List<TrackHypothesis> table : aliens) {
            for (TrackHypothesis alien : table) {
                Integer index = at.get(alien.label());
                if (index != null) {
                    fused.set(index, best(fused.get(index), alien));
                } else if (alien.logPresence() == 0) {
                    TrackHypothesis half = alien.copy();
                    half.power(0.5);
                    at.put(alien.label(), fused.size());
                    fused.add(half);
                }
            }
        }
    }

    private TrackHypothesis best(TrackHypothesis ours, TrackHypothesis theirs) {
        TrackHypothesis best = ours;
        double least = determinant(ours);
        List<TrackHypothesis> tried = new ArrayList<>();
        for (double o : WEIGHTS) {
            if (o < 1) {
                TrackHypothesis mean = ours.copy();
                mean.power(o);
                TrackHypothesis other = theirs.copy();
                other.power(1 - o);
                fusion.multiply(mean, other);
                if (!mean.where().isEmpty()) {
                    tried.add(mean);
                }
            }
        }
        for (TrackHypothesis mean : tried) {
            double d = determinant(mean);
            if (d < least) {
                least = d;
                best = mean;
            }
        }
        best.support().merge(theirs.support());
        return best;
    }

    /** Determinant of the mode's position covariance. */
    private static double determinant(TrackHypothesis track) {
        MaxMixture f = track.where();
        int o = f.mode() * 16;
        double[] p = f.covariances();
        return p[o] * p[o + 5] - p[o + 1] * p[o + 1];
    }
}
