package sightline.operators.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.assignment.LinearAssignment;

/**
 * Higher order tracking accuracy (Luiten et al. 2021): at each similarity threshold the geometric mean of detection
 * accuracy and association accuracy, averaged over thresholds .05, .10, ... .95.
 *
 * @param hota mean over thresholds
 * @param detection mean detection accuracy
 * @param association mean association accuracy
 */
public record Hota(double hota, double detection, double association) {
    private static final int THRESHOLDS = 19;

    public static Hota of(List<MatchFrame> frames) {
        return new Evaluation(frames).score();
    }

    private static final class Evaluation {
        private final List<MatchFrame> frames;
        private final Map<String, Integer> truthIndex = new HashMap<>();
        private final Map<String, Integer> estimateIndex = new HashMap<>();
        private final int[] truthCount;
        private final int[] estimateCount;
        private final double[][] alignment;
        private int truths;
        private int estimates;

        Evaluation(List<MatchFrame> frames) {
            this.frames = frames;
            for (MatchFrame frame : frames) {
                frame.truth().forEach(id -> truthIndex.putIfAbsent(id, truthIndex.size()));
                frame.estimates().forEach(id -> estimateIndex.putIfAbsent(id, estimateIndex.size()));
                truths += frame.truth().size();
                estimates += frame.estimates().size();
            }
            truthCount = new int[truthIndex.size()];
            estimateCount = new int[estimateIndex.size()];
            alignment = new double[truthIndex.size()][estimateIndex.size()];
            align();
        }

        /** How well each pair of identities goes together over the whole sequence: a soft Jaccard index. */
        private void align() {
            double[][] potential = new double[truthCount.length][estimateCount.length];
            for (MatchFrame frame : frames) {
                int n = frame.truth().size();
                int m = frame.estimates().size();
                double[] rowSum = new double[n];
                double[] columnSum = new double[m];
                for (int i = 0; i < n; i++) {
                    truthCount[truth(frame, i)]++;
                    for (int j = 0; j < m; j++) {
                        rowSum[i] += frame.similarity()[i][j];
                        columnSum[j] += frame.similarity()[i][j];
                    }
                }
                for (int j = 0; j < m; j++) {
                    estimateCount[estimate(frame, j)]++;
                }
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < m; j++) {
                        double s = frame.similarity()[i][j];
                        double union = rowSum[i] + columnSum[j] - s;
                        if (union > 0) {
                            potential[truth(frame, i)][estimate(frame, j)] += s / union;
                        }
                    }
                }
            }
            for (int i = 0; i < truthCount.length; i++) {
                for (int j = 0; j < estimateCount.length; j++) {
                    alignment[i][j] = potential[i][j] / (truthCount[i] + estimateCount[j] - potential[i][j]);
                }
            }
        }

        private int truth(MatchFrame frame, int i) {
            return truthIndex.get(frame.truth().get(i));
        }

        private int estimate(MatchFrame frame, int j) {
            return estimateIndex.get(frame.estimates().get(j));
        }

        Hota score() {
            int[][][] hits = new int[THRESHOLDS][truthCount.length][estimateCount.length];
            LinearAssignment solver = new LinearAssignment();
            for (MatchFrame frame : frames) {
                int n = frame.truth().size();
                int m = frame.estimates().size();
                double[] cost = new double[n * (m + n)];
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < m; j++) {
                        cost[i * (m + n) + j] =
                                -alignment[truth(frame, i)][estimate(frame, j)] * frame.similarity()[i][j];
                    }
                }
                int[] column = solver.solve(cost, n, m + n, m + n);
                for (int i = 0; i < n; i++) {
                    for (int a = 0; column[i] < m && a < THRESHOLDS; a++) {
                        if (frame.similarity()[i][column[i]] >= 0.05 * (a + 1) - 1e-9) {
                            hits[a][truth(frame, i)][estimate(frame, column[i])]++;
                        }
                    }
                }
            }
            double hota = 0;
            double detection = 0;
            double association = 0;
            for (int a = 0; a < THRESHOLDS; a++) {
                double[] accuracy = accuracies(hits[a]);
                detection += accuracy[0] / THRESHOLDS;
                association += accuracy[1] / THRESHOLDS;
                hota += Math.sqrt(accuracy[0] * accuracy[1]) / THRESHOLDS;
            }
            return new Hota(hota, detection, association);
        }

        private double[] accuracies(int[][] hits) {
            double matched = 0;
            double weighted = 0;
            for (int i = 0; i < truthCount.length; i++) {
                for (int j = 0; j < estimateCount.length; j++) {
                    double h = hits[i][j];
                    matched += h;
                    weighted += h == 0 ? 0 : h * h / (truthCount[i] + estimateCount[j] - h);
                }
            }
            double detection = matched / Math.max(1, truths + estimates - matched);
            return new double[] {detection, matched == 0 ? 0 : weighted / matched};
        }
    }
}
