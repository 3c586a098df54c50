package sightline.operators.data;

import static org.assertj.core.api.Assertions.assertThat;

/** How alike two networks' outputs are. */
public final class Likeness {
    private Likeness() {}

    /** Relative L2 distance. */
    public static double relative(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    /** Share of cells whose class is the same; logits lie class by class. */
    public static double agreement(float[] a, float[] b, int classes) {
        int cells = a.length / classes;
        int same = 0;
        for (int i = 0; i < cells; i++) {
            same += argMax(a, i, cells, classes) == argMax(b, i, cells, classes) ? 1 : 0;
        }
        return same / (double) cells;
    }

    private static int argMax(float[] logits, int cell, int cells, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = logits[c * cells + cell] > logits[best * cells + cell] ? c : best;
        }
        return best;
    }
}
