package sightline.operators.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.assignment.LinearAssignment;

/**
 * CLEAR-MOT (Bernardin and Stiefelhagen 2008). A pair that was matched in the frame before and is still similar enough
 * stays matched; the rest is assigned for most similarity. A switch is counted when a true object is matched to another
 * identity than the last time it was matched.
 *
 * @param truths true objects over all frames
 * @param matches matched pairs
 * @param falses estimates without a true object
 * @param misses true objects without an estimate
 * @param switches changes of identity
 * @param similaritySum over matched pairs
 */
public record ClearMot(int truths, int matches, int falses, int misses, int switches, double similaritySum) {
    public static ClearMot of(List<MatchFrame> frames, double threshold) {
        Map<String, String> lastMatch = new HashMap<>();
        Map<String, String> previousFrame = new HashMap<>();
        LinearAssignment solver = new LinearAssignment();
        int truths = 0;
        int matches = 0;
        int falses = 0;
        int switches = 0;
        double similarity = 0;
        for (MatchFrame frame : frames) {
            int n = frame.truth().size();
            int m = frame.estimates().size();
            int[] match = match(frame, threshold, previousFrame, solver);
            previousFrame.clear();
            int here = 0;
            for (int i = 0; i < n; i++) {
                if (match[i] < 0) {
                    continue;
                }
                here++;
                similarity += frame.similarity()[i][match[i]];
                String truth = frame.truth().get(i);
                String estimate = frame.estimates().get(match[i]);
                String before = lastMatch.put(truth, estimate);
                if (before != null && !before.equals(estimate)) {
                    switches++;
                }
                previousFrame.put(truth, estimate);
            }
            truths += n;
            matches += here;
            falses += m - here;
        }
        return new ClearMot(truths, matches, falses, truths - matches, switches, similarity);
    }

    private static int[] match(
            MatchFrame frame, double threshold, Map<String, String> previous, LinearAssignment solver) {
        int n = frame.truth().size();
        int m = frame.estimates().size();
        int width = m + n;
        double[] cost = new double[n * width];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double s = frame.similarity()[i][j];
                boolean kept = frame.estimates()
                        .get(j)
                        .equals(previous.get(frame.truth().get(i)));
                cost[i * width + j] = s >= threshold - 1e-12 && s > 0 ? -s - (kept ? 1000 : 0) : 1e6;
            }
        }
        int[] column = solver.solve(cost, n, width, width);
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            out[i] = column[i] < m ? column[i] : -1;
        }
        return out;
    }

    /** 1 - (misses + falses) / truths. */
    public double moda() {
        return 1 - (misses + falses) / (double) truths;
    }

    /** 1 - (misses + falses + switches) / truths. */
    public double mota() {
        return 1 - (misses + falses + switches) / (double) truths;
    }

    /** Mean similarity of matched pairs. */
    public double motp() {
        return similaritySum / matches;
    }
}
