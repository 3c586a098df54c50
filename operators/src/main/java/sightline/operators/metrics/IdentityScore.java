package sightline.operators.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.assignment.LinearAssignment;

/**
 * Identity precision, recall and F1 (Ristani et al. 2016): true and estimated identities are paired once for the whole
 * sequence so that the frames in which paired identities are similar enough are most.
 *
 * @param truePositives frames in which paired identities meet
 * @param truths true objects over all frames
 * @param estimates estimates over all frames
 */
public record IdentityScore(int truePositives, int truths, int estimates) {
    public static IdentityScore of(List<MatchFrame> frames, double threshold) {
        Map<String, Integer> truthIndex = new HashMap<>();
        Map<String, Integer> estimateIndex = new HashMap<>();
        int truths = 0;
        int estimates = 0;
        for (MatchFrame frame : frames) {
            frame.truth().forEach(id -> truthIndex.putIfAbsent(id, truthIndex.size()));
            frame.estimates().forEach(id -> estimateIndex.putIfAbsent(id, estimateIndex.size()));
            truths += frame.truth().size();
            estimates += frame.estimates().size();
        }
        int n = truthIndex.size();
        int width = estimateIndex.size() + n;
        double[] cost = new double[n * width];
        for (MatchFrame frame : frames) {
            for (int i = 0; i < frame.truth().size(); i++) {
                for (int j = 0; j < frame.estimates().size(); j++) {
                    if (frame.similarity()[i][j] >= threshold - 1e-12) {
                        int row = truthIndex.get(frame.truth().get(i));
                        cost[row * width + estimateIndex.get(frame.estimates().get(j))]--;
                    }
                }
            }
        }
        int[] column = new LinearAssignment().solve(cost, n, width, width);
        double hits = 0;
        for (int i = 0; i < n; i++) {
            hits -= cost[i * width + column[i]];
        }
        return new IdentityScore((int) Math.round(hits), truths, estimates);
    }

    public double precision() {
        return truePositives / (double) estimates;
    }

    public double recall() {
        return truePositives / (double) truths;
    }

    public double f1() {
        return 2.0 * truePositives / (truths + estimates);
    }
}
