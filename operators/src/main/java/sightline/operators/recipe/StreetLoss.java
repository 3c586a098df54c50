package sightline.operators.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Cross-entropy of every cell against a teacher's class, meaned over the cells of which it is sure. One thread; buffers
 * are kept between calls.
 */
final class StreetLoss {
    private final int batch;
    private final int classes;
    private final int cells;
    private final float[] logits;
    private final float[] gradient;

    StreetLoss(int batch, int classes, int cells) {
        this.batch = batch;
        this.classes = classes;
        this.cells = cells;
        this.logits = new float[batch * classes * cells];
        this.gradient = new float[batch * classes * cells];
    }

    /** Batch x classes x cells, to be filled before {@link #compute}. */
    float[] logits() {
        return logits;
    }

    /** The gradient of the last {@link #compute}. */
    float[] gradient() {
        return gradient;
    }

    /** Loss and share of cells that agree. */
    Map<String, Double> compute(List<byte[]> targets) {
        Arrays.fill(gradient, 0);
        long sure = 0;
        for (byte[] t : targets) {
            for (byte label : t) {
                sure += label >= 0 ? 1 : 0;
            }
        }
        double loss = 0;
        long agreed = 0;
        double[] e = new double[classes];
        for (int n = 0; n < batch; n++) {
            byte[] target = targets.get(n);
            for (int i = 0; i < cells; i++) {
                if (target[i] >= 0) {
                    int at = n * classes * cells + i;
                    loss += cell(at, target[i], e, 1.0 / sure);
                    agreed += best(logits, at) == target[i] ? 1 : 0;
                }
            }
        }
        double n = Math.max(1, sure);
        return Map.of("loss", loss / n, "agreement", agreed / n);
    }

    /** The same against a teacher's logits: cross-entropy with its probabilities, less their entropy; every cell counts. */
    Map<String, Double> compute(float[] taught) {
        double loss = 0;
        long agreed = 0;
        double[] own = new double[classes];
        double[] wanted = new double[classes];
        double weight = 1.0 / ((double) batch * cells);
        for (int n = 0; n < batch; n++) {
            for (int i = 0; i < cells; i++) {
                int at = n * classes * cells + i;
                double ownLog = probabilities(logits, at, own);
                double wantedLog = probabilities(taught, at, wanted);
                for (int c = 0; c < classes; c++) {
                    int k = at + c * cells;
                    loss += wanted[c] * (taught[k] - wantedLog - logits[k] + ownLog);
                    gradient[k] = (float) ((own[c] - wanted[c]) * weight);
                }
                agreed += best(logits, at) == best(taught, at) ? 1 : 0;
            }
        }
        return Map.of("loss", loss * weight, "agreement", agreed * weight);
    }

    /** Probabilities of a cell; returns the logarithm of their sum before division. */
    private double probabilities(float[] values, int at, double[] e) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            max = Math.max(max, values[at + c * cells]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            e[c] = Math.exp(values[at + c * cells] - max);
            sum += e[c];
        }
        for (int c = 0; c < classes; c++) {
            e[c] /= sum;
        }
        return Math.log(sum) + max;
    }

    private double cell(int at, int label, double[] e, double weight) {
        double log = probabilities(logits, at, e);
        for (int c = 0; c < classes; c++) {
            gradient[at + c * cells] = (float) ((e[c] - (c == label ? 1 : 0)) * weight);
        }
        return log - logits[at + label * cells];
    }

    private int best(float[] values, int at) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = values[at + c * cells] > values[at + best * cells] ? c : best;
        }
        return best;
    }

    /** The strongest class of a cell of the first picture. */
    static int best(float[] logits, int classes, int cells, int cell) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = logits[c * cells + cell] > logits[best * cells + cell] ? c : best;
        }
        return best;
    }
}
