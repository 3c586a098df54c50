package sightline.operators.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sightline.operators.assignment.LinearAssignment;

/**
 * OSPA(2) (Beard, Vo and Vo 2018): OSPA between sets of tracks over a window of time. The base distance of two tracks is
 * the p-mean, over the steps at which at least one exists, of the cut point distance, the cut-off where only one does.
 * It punishes a change of identity, which plain OSPA cannot see.
 */
public final class TrackOspa {
    private final double cutoff;
    private final double order;
    private final int window;
    private final List<Map<String, double[]>> truth = new ArrayList<>();
    private final List<Map<String, double[]>> estimate = new ArrayList<>();

    public TrackOspa(double cutoff, double order, int window) {
        this.cutoff = cutoff;
        this.order = order;
        this.window = window;
    }

    /** Adds a step and returns the distance over the window that ends with it. */
    public double step(Map<String, double[]> truthNow, Map<String, double[]> estimateNow) {
        truth.add(Map.copyOf(truthNow));
        estimate.add(Map.copyOf(estimateNow));
        if (truth.size() > window) {
            truth.removeFirst();
            estimate.removeFirst();
        }
        List<double[][]> x = tracks(truth);
        List<double[][]> y = tracks(estimate);
        List<double[][]> few = x.size() <= y.size() ? x : y;
        List<double[][]> many = x.size() <= y.size() ? y : x;
        int n = many.size();
        if (n == 0) {
            return 0;
        }
        double[] cost = new double[few.size() * n];
        for (int r = 0; r < few.size(); r++) {
            for (int c = 0; c < n; c++) {
                cost[r * n + c] = base(few.get(r), many.get(c));
            }
        }
        int[] column = new LinearAssignment().solve(cost, few.size(), n, n);
        double sum = Math.pow(cutoff, order) * (n - few.size());
        for (int r = 0; r < few.size(); r++) {
            sum += cost[r * n + column[r]];
        }
        return Math.pow(sum / n, 1 / order);
    }

    private static List<double[][]> tracks(List<Map<String, double[]>> steps) {
        Map<String, double[][]> byId = new TreeMap<>();
        for (int k = 0; k < steps.size(); k++) {
            for (Map.Entry<String, double[]> entry : steps.get(k).entrySet()) {
                byId.computeIfAbsent(entry.getKey(), id -> new double[steps.size()][])[k] = entry.getValue();
            }
        }
        return new ArrayList<>(byId.values());
    }

    private double base(double[][] x, double[][] y) {
        double sum = 0;
        int steps = 0;
        for (int k = 0; k < x.length; k++) {
            if (x[k] == null && y[k] == null) {
                continue;
            }
            steps++;
            double d = x[k] == null || y[k] == null ? cutoff : Math.min(cutoff, Distances.between(x[k], y[k]));
            sum += Math.pow(d, order);
        }
        return sum / steps;
    }
}
