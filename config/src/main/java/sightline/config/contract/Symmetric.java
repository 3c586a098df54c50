package sightline.config.contract;

import java.util.ArrayList;
import java.util.List;

/** Symmetric matrices: row-major and whole in records, the upper triangle by rows on the wire. */
final class Symmetric {

    private Symmetric() {}

    static List<Double> upper(double[] full, int n) {
        List<Double> upper = new ArrayList<>(n * (n + 1) / 2);
        for (int row = 0; row < n; row++) {
            for (int column = row; column < n; column++) {
                upper.add(full[row * n + column]);
            }
        }
        return upper;
    }

    static double[] full(String field, List<Double> upper, int n) {
        double[] numbers = Checks.vector(field, upper, n * (n + 1) / 2);
        double[] full = new double[n * n];
        int at = 0;
        for (int row = 0; row < n; row++) {
            Checks.variance(field, numbers[at]);
            for (int column = row; column < n; column++) {
                full[row * n + column] = numbers[at];
                full[column * n + row] = numbers[at];
                at++;
            }
        }
        return full;
    }
}
