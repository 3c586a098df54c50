package sightline.operators.metrics;

import java.util.List;

/** Euclidean distances of positions: the first two coordinates of each point. */
final class Distances {
    private Distances() {}

    static double between(double[] x, double[] y) {
        double dx = x[0] - y[0];
        double dy = x[1] - y[1];
        return Math.sqrt(dx * dx + dy * dy);
    }

    /** Row-major table of {@code min(cutoff, distance)^order} with the shorter list as rows. */
    static double[] cut(List<double[]> rows, List<double[]> columns, double cutoff, double order) {
        double[] out = new double[rows.size() * columns.size()];
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns.size(); c++) {
                double d = Math.min(cutoff, between(rows.get(r), columns.get(c)));
                out[r * columns.size() + c] = order == 1 ? d : Math.pow(d, order);
            }
        }
        return out;
    }
}
