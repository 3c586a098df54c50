package sightline.operators.phd;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.Spd;

/**
 * Prunes and merges a track table: strongest first (presence, then low absence, then place, so that names decide nothing), a track absorbs
 * every later one whose mode lies within a squared distance of its own, under either covariance. The survivor keeps its
 * label, so identity goes with the better evidence.
 *
 * <p>Small tables are compared directly; large ones through cells of the ground, so that cost grows with neighbours.
 */
final class TrackMerging {
    private static final Comparator<TrackHypothesis> ORDER = Comparator.comparingDouble(
                    (TrackHypothesis t) -> -t.logPresence)
            .thenComparingDouble(t -> t.logAbsence)
            .thenComparingDouble(t -> t.where.means()[t.where.mode() * 4])
            .thenComparingDouble(t -> t.where.means()[t.where.mode() * 4 + 1])
            .thenComparing(TrackHypothesis::label);

    private final double[] factor = new double[16];
    private final double[] e = new double[4];
    private final double[] z = new double[4];
    private final ReachGrid grid = new ReachGrid();
    private double[] reaches = new double[0];
    private double[] sorted = new double[0];

    void merge(List<TrackHypothesis> tracks, double logPrune, double radius, int cap) {
        tracks.removeIf(t -> !(t.logPresence > logPrune));
        tracks.sort(ORDER);
        if (radius > 0) {
            if (tracks.size() <= 24) {
                mergeAll(tracks, radius);
            } else {
                mergeByCell(tracks, radius);
            }
        }
        if (tracks.size() > cap) {
            tracks.subList(cap, tracks.size()).clear();
        }
    }

    private void mergeAll(List<TrackHypothesis> tracks, double radius) {
        int count = 0;
        int size = tracks.size();
        for (int i = 0; i < size; i++) {
            TrackHypothesis candidate = tracks.get(i);
            boolean absorbed = false;
            for (int k = 0; k < count && !absorbed; k++) {
                absorbed = same(tracks.get(k), candidate, radius);
            }
            if (!absorbed) {
                tracks.set(count++, candidate);
            }
        }
        tracks.subList(count, size).clear();
    }

    /** A pair can only be the same if its modes are closer than the larger of the two reaches. */
    private void mergeByCell(List<TrackHypothesis> tracks, double radius) {
        int size = tracks.size();
        if (reaches.length < size) {
            reaches = new double[2 * size];
            sorted = new double[2 * size];
        }
        for (int i = 0; i < size; i++) {
            reaches[i] = reach(tracks.get(i), radius);
            sorted[i] = reaches[i];
        }
        Arrays.sort(sorted, 0, size);
        grid.clear(size, Math.max(1e-6, 2 * sorted[size * 9 / 10]));
        int count = 0;
        for (int i = 0; i < size; i++) {
            TrackHypothesis candidate = tracks.get(i);
            double reach = reaches[i];
            if (!absorbed(tracks, count, candidate, reach, radius)) {
                tracks.set(count, candidate);
                reaches[count] = reach;
                grid.add(count, x(candidate), y(candidate), reach);
                count++;
            }
        }
        tracks.subList(count, size).clear();
    }

    private boolean absorbed(
            List<TrackHypothesis> tracks, int count, TrackHypothesis candidate, double reach, double radius) {
        double x = x(candidate);
        double y = y(candidate);
        boolean near = grid.query(x, y, reach);
        int tries = near ? grid.count() : count;
        for (int k = 0; k < tries; k++) {
            int other = near ? grid.get(k) : k;
            TrackHypothesis kept = tracks.get(other);
            double dx = x(kept) - x;
            double dy = y(kept) - y;
            double farthest = Math.max(reach, reaches[other]);
            if (dx * dx + dy * dy <= farthest * farthest && same(kept, candidate, radius)) {
                return true;
            }
        }
        return false;
    }

    private static double x(TrackHypothesis t) {
        return t.where.means()[t.where.mode() * 4];
    }

    private static double y(TrackHypothesis t) {
        return t.where.means()[t.where.mode() * 4 + 1];
    }

    private static double reach(TrackHypothesis t, double radius) {
        int o = t.where.mode() * 16;
        double[] p = t.where.covariances();
        return Math.sqrt(radius * (p[o] + p[o + 5]));
    }

    private boolean same(TrackHypothesis a, TrackHypothesis b, double radius) {
        MaxMixture f = a.where;
        MaxMixture g = b.where;
        int i = f.mode();
        int j = g.mode();
        for (int k = 0; k < 4; k++) {
            e[k] = f.means()[i * 4 + k] - g.means()[j * 4 + k];
        }
        return near(f, i, radius) || near(g, j, radius);
    }

    private boolean near(MaxMixture f, int term, double radius) {
        return Spd.cholesky(f.covariances(), term * 16, factor, 4) && Spd.squaredLength(factor, e, z, 4) < radius;
    }
}
