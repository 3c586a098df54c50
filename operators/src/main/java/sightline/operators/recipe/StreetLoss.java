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
                    agreed += best(at) == target[i] ? 1 : 0;
                }
            }
        }
        double n = Math.max(1, sure);
        return Map.of("loss", loss / n, "agreement", agreed / n);
    }

    private double cell(int at, int label, double[] e, double weight) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            max = Math.max(max, logits[at + c * cells]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            e[c] = Math.exp(logits[at + c * cells] - max);
            sum += e[c];
        }
        for (int c = 0; c < classes; c++) {
            gradient[at + c * cells] = (float) ((e[c] / sum - (c == label ? 1 : 0)) * weight);
        }
        return Math.log(sum) + max - logits[at + label * cells];
    }

    private int best(int at) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = logits[at + c * cells] > logits[at + best * cells] ? c : best;
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
