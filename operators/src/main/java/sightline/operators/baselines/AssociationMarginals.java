package sightline.operators.baselines;

import java.util.Arrays;

/**
 * Marginal probabilities of data association by loopy belief propagation (Williams and Lau 2014): every target gives at
 * most one measurement, every measurement comes from at most one target. Converges on this graph whatever the numbers.
 * Scratch: one instance a thread.
 */
final class AssociationMarginals {
    private static final int ROUNDS = 200;
    private static final double CLOSE = 1e-9;

    private double[] toTarget = new double[0];

    /**
     * Replaces weights by marginals.
     *
     * @param weights row-major, one row a target: likelihood of each measurement over its clutter density and over the
     *     target giving none
     * @param none out: probability of each target that it gave no measurement
     */
    void solve(double[] weights, int targets, int measurements, double[] none) {
        int cells = targets * measurements;
        if (toTarget.length < cells) {
            toTarget = new double[2 * cells];
        }
        Arrays.fill(toTarget, 0, cells, 1);
        double[] column = new double[measurements];
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.fill(column, 0);
            double moved = 0;
            double[] up = new double[cells];
            for (int i = 0; i < targets; i++) {
                double row = row(weights, i, measurements);
                for (int j = 0; j < measurements; j++) {
                    int c = i * measurements + j;
                    if (weights[c] > 0) {
                        up[c] = weights[c] / (row - weights[c] * toTarget[c]);
                        column[j] += up[c];
                    }
                }
            }
            for (int c = 0; c < cells; c++) {
                if (weights[c] > 0) {
                    double next = 1 / (1 + column[c % measurements] - up[c]);
                    moved = Math.max(moved, Math.abs(next - toTarget[c]));
                    toTarget[c] = next;
                }
            }
            if (moved < CLOSE) {
                break;
            }
        }
        for (int i = 0; i < targets; i++) {
            double row = row(weights, i, measurements);
            none[i] = 1 / row;
            for (int j = 0; j < measurements; j++) {
                weights[i * measurements + j] *= toTarget[i * measurements + j] / row;
            }
        }
    }

    private double row(double[] weights, int i, int measurements) {
        double sum = 1;
        for (int j = 0; j < measurements; j++) {
            sum += weights[i * measurements + j] * toTarget[i * measurements + j];
        }
        return sum;
    }
}
