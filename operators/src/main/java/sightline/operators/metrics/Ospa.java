package sightline.operators.metrics;

import java.util.List;
import sightline.operators.assignment.LinearAssignment;

/**
 * Optimal sub-pattern assignment distance (Schuhmacher, Vo and Vo 2008): the mean over the larger set of the cut
 * distance under the best assignment, unassigned points costing the cut-off. Both empty: 0; one empty: the cut-off.
 *
 * @param total the distance, metres
 * @param localisation its part from assigned points
 * @param cardinality its part from the difference in number
 */
public record Ospa(double total, double localisation, double cardinality) {
    /**
     * @param cutoff metres, the price of a wrong number
     * @param order p, at least 1
     */
    public static Ospa of(List<double[]> truth, List<double[]> estimate, double cutoff, double order) {
        List<double[]> few = truth.size() <= estimate.size() ? truth : estimate;
        List<double[]> many = truth.size() <= estimate.size() ? estimate : truth;
        int n = many.size();
        if (n == 0) {
            return new Ospa(0, 0, 0);
        }
        double[] cost = Distances.cut(few, many, cutoff, order);
        int[] column = new LinearAssignment().solve(cost, few.size(), n, n);
        double sum = 0;
        for (int r = 0; r < few.size(); r++) {
            sum += cost[r * n + column[r]];
        }
        double missing = Math.pow(cutoff, order) * (n - few.size());
        return new Ospa(
                Math.pow((sum + missing) / n, 1 / order),
                Math.pow(sum / n, 1 / order),
                Math.pow(missing / n, 1 / order));
    }
}
