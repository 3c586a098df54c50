package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.fusion.Fused;
import sightline.operators.metrics.Calibration;
import sightline.operators.metrics.Gospa;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.possibility.Spd;

/** Sums over runs of one condition. */
final class NetworkTally {
    private static final double CUTOFF = 2;

    private final Calibration calibration = new Calibration(2);
    private double gospa;
    private double centralGospa;
    private long pictures;
    private long visible;
    private long missed;
    private long centralMissed;
    private long compared;
    private long overconfident;
    private double bytes;
    private double scanBytes;
    private double seconds;

    void add(Fused ours, Fused central, Yard yard, int alive) {
        List<TrackHypothesis> tracks = confirmed(ours);
        List<TrackHypothesis> reference = confirmed(central);
        List<double[]> inView = new ArrayList<>();
        for (double[] w : yard.walkers()) {
            boolean seen = false;
            for (int s = 0; s < alive; s++) {
                seen |= yard.sees(s, w);
            }
            if (seen) {
                inView.add(w);
            }
        }
        gospa += Gospa.of(inView, places(tracks), CUTOFF, 2).powered();
        centralGospa += Gospa.of(inView, places(reference), CUTOFF, 2).powered();
        pictures++;
        for (double[] w : inView) {
            visible++;
            TrackHypothesis mine = nearest(tracks, w);
            TrackHypothesis theirs = nearest(reference, w);
            missed += mine == null ? 1 : 0;
            centralMissed += theirs == null ? 1 : 0;
            if (mine != null) {
                calibration.add(-2 * mine.where().project(2).logAt(w[0], w[1]));
                if (theirs != null) {
                    compared++;
                    overconfident += logDeterminant(mine) < logDeterminant(theirs) + Math.log(0.99) ? 1 : 0;
                }
            }
        }
    }

    void traffic(double sentBytes, double heardBytes, double nodeSeconds) {
        bytes += sentBytes;
        scanBytes += heardBytes;
        seconds += nodeSeconds;
    }

    NetworkBench.Result result(NetworkBench.Condition condition) {
        double[] coverage =
                NetworkBench.ALPHAS.stream().mapToDouble(calibration::coverage).toArray();
        return new NetworkBench.Result(
                condition,
                Math.sqrt(gospa / pictures),
                Math.sqrt(centralGospa / pictures),
                missed / (double) visible,
                centralMissed / (double) visible,
                overconfident / (double) Math.max(1, compared),
                coverage,
                calibration.count(),
                bytes / seconds,
                bytes / scanBytes);
    }

    private static List<TrackHypothesis> confirmed(Fused fused) {
        return fused.table().stream().filter(TrackHypothesis::confirmed).toList();
    }

    private static List<double[]> places(List<TrackHypothesis> tracks) {
        return tracks.stream().map(NetworkTally::place).toList();
    }

    private static double[] place(TrackHypothesis t) {
        int mode = t.where().mode();
        return new double[] {t.where().means()[mode * 4], t.where().means()[mode * 4 + 1]};
    }

    private static TrackHypothesis nearest(List<TrackHypothesis> tracks, double[] at) {
        TrackHypothesis best = null;
        double least = CUTOFF;
        for (TrackHypothesis t : tracks) {
            double[] p = place(t);
            double d = Math.hypot(p[0] - at[0], p[1] - at[1]);
            if (d < least) {
                least = d;
                best = t;
            }
        }
        return best;
    }

    private static double logDeterminant(TrackHypothesis t) {
        double[] factor = new double[16];
        Spd.cholesky(t.where().covariances(), t.where().mode() * 16, factor, 4);
        return Spd.logDeterminant(factor, 4);
    }
}
