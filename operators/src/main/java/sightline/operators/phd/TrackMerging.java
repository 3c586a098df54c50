package sightline.operators.phd;

import java.util.Arrays;
import java.util.List;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.Spd;

/**
 * Prunes and merges a track table: strongest first (see {@link TrackOrder}), a track absorbs
 * every later one whose mode lies within a squared distance of its own, under either covariance. The survivor keeps its
 * label, so identity goes with the better evidence.
 *
 * <p>Small tables are compared directly; large ones through cells of the ground, so that cost grows with neighbours.
 */
final class TrackMerging {
    private final double[] factor = new double[16];
    private final double[] e = new double[4];
    private final double[] z = new double[4];
    private final TrackOrder order;
    private final ReachGrid grid = new ReachGrid();
    private double[] reaches = new double[0];
    private double[] east = new double[0];
    private double[] north = new double[0];
    private final double[] sample = new double[128];

    TrackMerging(TrackOrder order) {
        this.order = order;
    }

    /** @param tracks becomes what is left of the tracks that have been noted in the order */
    void merge(List<TrackHypothesis> tracks, double logPrune, double radius, int cap) {
        order.sort(tracks, logPrune);
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
        measure(size, radius);
        grid.clear(size, Math.max(1e-6, 4 * usualReach(size)));
        int count = 0;
        for (int i = 0; i < size; i++) {
            TrackHypothesis candidate = tracks.get(i);
            if (!absorbed(tracks, count, i, radius)) {
                tracks.set(count, candidate);
                east[count] = east[i];
                north[count] = north[i];
                reaches[count] = reaches[i];
                grid.add(count, east[i], north[i], reaches[i]);
                count++;
            }
        }
        tracks.subList(count, size).clear();
    }

    private void measure(int size, double radius) {
        if (reaches.length < size) {
            reaches = new double[2 * size];
            east = new double[2 * size];
            north = new double[2 * size];
        }
        for (int i = 0; i < size; i++) {
            east[i] = order.east(i);
            north[i] = order.north(i);
            reaches[i] = Math.sqrt(radius * order.spread(i));
        }
    }

    /** A reach that nine in ten tracks stay below, by a sample. */
    private double usualReach(int size) {
        int count = Math.min(size, sample.length);
        for (int k = 0; k < count; k++) {
            sample[k] = reaches[(int) ((long) k * size / count)];
        }
        Arrays.sort(sample, 0, count);
        return sample[count * 9 / 10];
    }

    private boolean absorbed(List<TrackHypothesis> tracks, int count, int candidate, double radius) {
        double x = east[candidate];
        double y = north[candidate];
        double reach = reaches[candidate];
        boolean near = grid.query(x, y, reach);
        int tries = near ? grid.count() : count;
        for (int k = 0; k < tries; k++) {
            int other = near ? grid.get(k) : k;
            double dx = east[other] - x;
            double dy = north[other] - y;
            double farthest = Math.max(reach, reaches[other]);
            if (dx * dx + dy * dy <= farthest * farthest && same(tracks.get(other), tracks.get(candidate), radius)) {
                return true;
            }
        }
        return false;
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
        for (int k = 0; k < 4; k++) {
            // No length is below that along an axis: most pairs need no factor.
            if (e[k] * e[k] > radius * f.covariances()[term * 16 + k * 5]) {
                return false;
            }
        }
        return Spd.cholesky(f.covariances(), term * 16, factor, 4) && Spd.squaredLength(factor, e, z, 4) < radius;
    }
}
