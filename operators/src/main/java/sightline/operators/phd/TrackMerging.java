package sightline.operators.phd;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private int[] kept = new int[16];

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
        double[] reaches = new double[tracks.size()];
        for (int i = 0; i < reaches.length; i++) {
            reaches[i] = reach(tracks.get(i), radius);
        }
        double[] sorted = reaches.clone();
        Arrays.sort(sorted);
        double cell = Math.max(1e-6, sorted[sorted.length * 9 / 10]);
        Map<Long, int[]> cells = new HashMap<>();
        int[] wide = new int[0];
        int count = 0;
        for (int i = 0; i < reaches.length; i++) {
            TrackHypothesis candidate = tracks.get(i);
            if (!absorbed(tracks, cells, wide, candidate, reaches[i], cell, radius)) {
                tracks.set(count, candidate);
                if (reaches[i] > cell) {
                    wide = append(wide, count);
                } else {
                    cells.merge(cellOf(candidate, cell, 0, 0), new int[] {count}, (a, b) -> append(a, b[0]));
                }
                count++;
            }
        }
        tracks.subList(count, reaches.length).clear();
    }

    private boolean absorbed(
            List<TrackHypothesis> tracks,
            Map<Long, int[]> cells,
            int[] wide,
            TrackHypothesis candidate,
            double reach,
            double cell,
            double radius) {
        int rings = (int) Math.max(1, Math.min(1000, Math.ceil(reach / cell)));
        int found = 0;
        for (int k : wide) {
            found = collect(found, k);
        }
        for (int dx = -rings; dx <= rings; dx++) {
            for (int dy = -rings; dy <= rings; dy++) {
                int[] here = cells.get(cellOf(candidate, cell, dx, dy));
                for (int k = 0; here != null && k < here.length; k++) {
                    found = collect(found, here[k]);
                }
            }
        }
        for (int k = 0; k < found; k++) {
            if (same(tracks.get(kept[k]), candidate, radius)) {
                return true;
            }
        }
        return false;
    }

    private int collect(int found, int index) {
        if (found == kept.length) {
            kept = Arrays.copyOf(kept, 2 * found);
        }
        kept[found] = index;
        return found + 1;
    }

    private static int[] append(int[] list, int value) {
        int[] out = Arrays.copyOf(list, list.length + 1);
        out[list.length] = value;
        return out;
    }

    private static double reach(TrackHypothesis t, double radius) {
        int o = t.where.mode() * 16;
        double[] p = t.where.covariances();
        return Math.sqrt(radius * (p[o] + p[o + 5]));
    }

    private static long cellOf(TrackHypothesis t, double cell, int dx, int dy) {
        int o = t.where.mode() * 4;
        long x = (long) Math.floor(t.where.means()[o] / cell) + dx;
        long y = (long) Math.floor(t.where.means()[o + 1] / cell) + dy;
        return (x << 32) ^ (y & 0xffffffffL);
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
