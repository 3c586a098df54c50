package sightline.operators.baselines;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.assignment.LinearAssignment;
import sightline.operators.metrics.MatchFrame;

/**
 * Single-camera box tracker after SORT (Bewley et al. 2016): constant-velocity Kalman filters on the box, Hungarian
 * assignment by intersection over union, tracks that live a few frames without a box. Mutable, one thread.
 */
public final class BoxTracker {
    private final double leastOverlap;
    private final int oldestMiss;
    private final int hitsToShow;
    private final List<Box> tracks = new ArrayList<>();
    private int next = 1;
    private int frames;

    /**
     * A tracked box.
     *
     * @param id identity
     * @param box x, y, width, height in pixels
     */
    public record Tracked(int id, double[] box) {}

    public BoxTracker(double leastOverlap, int oldestMiss, int hitsToShow) {
        this.leastOverlap = leastOverlap;
        this.oldestMiss = oldestMiss;
        this.hitsToShow = hitsToShow;
    }

    /** @param boxes x, y, width, height of each detection of the frame */
    public List<Tracked> step(List<double[]> boxes) {
        frames++;
        tracks.forEach(Box::predict);
        boolean[] used = new boolean[boxes.size()];
        match(boxes, used);
        for (int j = 0; j < boxes.size(); j++) {
            if (!used[j]) {
                tracks.add(new Box(next++, boxes.get(j)));
            }
        }
        tracks.removeIf(track -> track.missed > oldestMiss);
        List<Tracked> out = new ArrayList<>();
        for (Box track : tracks) {
            if (track.missed == 0 && (track.hits >= hitsToShow || frames <= hitsToShow)) {
                out.add(new Tracked(track.id, track.box()));
            }
        }
        return out;
    }

    private void match(List<double[]> boxes, boolean[] used) {
        int n = tracks.size();
        int m = boxes.size();
        double[] cost = new double[n * (m + n)];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double overlap = MatchFrame.iou(tracks.get(i).box(), boxes.get(j));
                cost[i * (m + n) + j] = overlap >= leastOverlap ? -overlap : 1;
            }
        }
        int[] column = new LinearAssignment().solve(cost, n, m + n, m + n);
        for (int i = 0; i < n; i++) {
            if (column[i] < m) {
                used[column[i]] = true;
                tracks.get(i).update(boxes.get(column[i]));
            } else {
                tracks.get(i).missed++;
            }
        }
    }

    /** Four independent constant-velocity filters: centre, width and height. */
    private static final class Box {
        final int id;
        final double[] value = new double[4];
        final double[] rate = new double[4];
        final double[][] covariance = new double[4][];
        int hits = 1;
        int missed;

        Box(int id, double[] box) {
            this.id = id;
            System.arraycopy(centred(box), 0, value, 0, 4);
            for (int k = 0; k < 4; k++) {
                covariance[k] = new double[] {noise(), 0, 100 * noise()};
            }
        }

        private double noise() {
            double sigma = 0.05 * Math.max(4, value[3]);
            return sigma * sigma;
        }

        void predict() {
            for (int k = 0; k < 4; k++) {
                value[k] += rate[k];
                double[] p = covariance[k];
                p[0] += 2 * p[1] + p[2] + 0.1 * noise();
                p[1] += p[2];
                p[2] += 0.01 * noise();
            }
            value[2] = Math.max(1, value[2]);
            value[3] = Math.max(1, value[3]);
        }

        void update(double[] box) {
            double[] seen = centred(box);
            for (int k = 0; k < 4; k++) {
                double[] p = covariance[k];
                double s = p[0] + noise();
                double gain = p[0] / s;
                double rateGain = p[1] / s;
                double e = seen[k] - value[k];
                value[k] += gain * e;
                rate[k] += rateGain * e;
                p[2] -= rateGain * p[1];
                p[1] *= 1 - gain;
                p[0] *= 1 - gain;
            }
            hits++;
            missed = 0;
        }

        double[] box() {
            return new double[] {value[0] - value[2] / 2, value[1] - value[3] / 2, value[2], value[3]};
        }

        private static double[] centred(double[] b) {
            return new double[] {b[0] + b[2] / 2, b[1] + b[3] / 2, b[2], b[3]};
        }
    }
}
