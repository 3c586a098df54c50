package sightline.operators.metrics;

import java.util.List;
import sightline.operators.assignment.LinearAssignment;

/**
 * Generalised OSPA with alpha = 2 (Rahmathullah, Garcia-Fernandez and Svensson 2017), which falls apart into errors of
 * place, missed and false targets. The parts add in the p-th power, which is what is kept here; average them over time
 * and runs before taking the root.
 *
 * @param powered distance to the power p
 * @param localisation to the power p
 * @param missed {@code c^p/2} a missed target
 * @param falses {@code c^p/2} a false target
 * @param assigned number of assigned pairs closer than the cut-off
 */
public record Gospa(double powered, double localisation, double missed, double falses, int assigned) {
    public static Gospa of(List<double[]> truth, List<double[]> estimate, double cutoff, double order) {
        List<double[]> few = truth.size() <= estimate.size() ? truth : estimate;
        List<double[]> many = truth.size() <= estimate.size() ? estimate : truth;
        double half = Math.pow(cutoff, order) / 2;
        double localisation = 0;
        int pairs = 0;
        if (!few.isEmpty()) {
            double[] cost = Distances.cut(few, many, cutoff, order);
            int[] column = new LinearAssignment().solve(cost, few.size(), many.size(), many.size());
            for (int r = 0; r < few.size(); r++) {
                if (Distances.between(few.get(r), many.get(column[r])) < cutoff) {
                    localisation += cost[r * many.size() + column[r]];
                    pairs++;
                }
            }
        }
        double missed = half * (truth.size() - pairs);
        double falses = half * (estimate.size() - pairs);
        return new Gospa(localisation + missed + falses, localisation, missed, falses, pairs);
    }
}
