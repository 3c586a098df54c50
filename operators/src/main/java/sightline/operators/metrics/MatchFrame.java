package sightline.operators.metrics;

import java.util.List;

/**
 * Truth and estimates of one frame with identities and their similarity in [0, 1].
 *
 * @param truth identities of the true objects
 * @param estimates identities of the estimated objects
 * @param similarity one row a true object
 */
public record MatchFrame(List<String> truth, List<String> estimates, double[][] similarity) {
    public MatchFrame {
        truth = List.copyOf(truth);
        estimates = List.copyOf(estimates);
        if (similarity.length != truth.size()) {
            throw new IllegalArgumentException(similarity.length + " rows for " + truth.size() + " true objects");
        }
    }

    /**
     * Points on the ground: similarity falls linearly from 1 at no distance to 0 at {@code zeroDistance}, so that a
     * threshold of one half means half of it.
     */
    public static MatchFrame points(
            List<String> truth,
            List<double[]> truthAt,
            List<String> estimates,
            List<double[]> estimatesAt,
            double zeroDistance) {
        double[][] similarity = new double[truth.size()][estimates.size()];
        for (int i = 0; i < truth.size(); i++) {
            for (int j = 0; j < estimates.size(); j++) {
                similarity[i][j] =
                        Math.max(0, 1 - Distances.between(truthAt.get(i), estimatesAt.get(j)) / zeroDistance);
            }
        }
        return new MatchFrame(truth, estimates, similarity);
    }

    /** Boxes as {x, y, width, height}: intersection over union. */
    public static MatchFrame boxes(
            List<String> truth, List<double[]> truthBoxes, List<String> estimates, List<double[]> estimatedBoxes) {
        double[][] similarity = new double[truth.size()][estimates.size()];
        for (int i = 0; i < truth.size(); i++) {
            for (int j = 0; j < estimates.size(); j++) {
                similarity[i][j] = iou(truthBoxes.get(i), estimatedBoxes.get(j));
            }
        }
        return new MatchFrame(truth, estimates, similarity);
    }

    /** Intersection over union of two boxes {x, y, width, height}; 0 for empty ones. */
    public static double iou(double[] a, double[] b) {
        double w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
        double h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
        if (!(w > 0 && h > 0)) {
            return 0;
        }
        double both = w * h;
        return both / (a[2] * a[3] + b[2] * b[3] - both);
    }
}
