package sightline.kernels.vision;

/**
 * How a picture is resampled. Two families that differ when a picture shrinks: OpenCV's point sampling looks at a fixed
 * number of neighbours, PIL's antialiasing widens the kernel with the scale.
 */
public enum Resampling {
    /** Two neighbours, half-pixel centres, edge replicated: OpenCV INTER_LINEAR. */
    LINEAR(1, false),
    /** Four neighbours, a = -0.75: OpenCV INTER_CUBIC, torch bicubic. */
    CUBIC(2, false),
    /** Triangle of at least one pixel, widened when shrinking: PIL BILINEAR, torch antialias. */
    TRIANGLE(1, true),
    /** a = -0.5, widened when shrinking: PIL BICUBIC. */
    SOFT_CUBIC(2, true);

    private final double support;
    private final boolean antialias;

    Resampling(double support, boolean antialias) {
        this.support = support;
        this.antialias = antialias;
    }

    /** Weights of {@code from} source samples for {@code to} targets. */
    Taps taps(int from, int to) {
        double scale = (double) from / to;
        double widen = antialias ? Math.max(1, scale) : 1;
        double reach = support * widen;
        int count = (int) Math.ceil(reach) * 2 + (antialias ? 1 : 0);
        int[] first = new int[to];
        float[] weights = new float[to * count];
        double[] row = new double[count];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int start = antialias
                    ? Math.max(0, (int) (centre - reach + 0.5))
                    : (int) Math.floor(centre - 0.5) - (int) support + 1;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                boolean inside = !antialias || start + k < Math.min(from, (int) (centre + reach + 0.5));
                row[k] = inside ? weight((start + k + 0.5 - centre) / widen) : 0;
                sum += row[k];
            }
            clampInto(row, start, from, count, sum, i, first, weights);
        }
        return new Taps(count, first, weights).narrowed(from);
    }

    /** Folds samples outside the picture onto its edge, so that the inner loop needs no bounds. */
    private static void clampInto(
            double[] row, int start, int from, int count, double sum, int target, int[] first, float[] weights) {
        int base = Math.clamp(start, 0, Math.max(0, from - count));
        first[target] = base;
        for (int k = 0; k < count; k++) {
            if (row[k] != 0) {
                int source = Math.clamp(start + k, 0, from - 1);
                weights[target * count + Math.min(source - base, count - 1)] += (float) (row[k] / sum);
            }
        }
    }

    private double weight(double distance) {
        double t = Math.abs(distance);
        return switch (this) {
            case LINEAR, TRIANGLE -> Math.max(0, 1 - t);
            case CUBIC -> cubic(t, -0.75);
            case SOFT_CUBIC -> cubic(t, -0.5);
        };
    }

    private static double cubic(double t, double a) {
        if (t <= 1) {
            return ((a + 2) * t - (a + 3)) * t * t + 1;
        }
        return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
    }

    /**
     * For each target sample the first source sample and its weights.
     *
     * @param count weights a target
     * @param first source index of the first weight
     * @param weights {@code first.length * count}
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Taps(int count, int[] first, float[] weights) {
        /** The same with as few weights a target as are needed: kernels are not as wide as their reach rounded up. */
        private Taps narrowed(int from) {
            int widest = 1;
            int[] begin = new int[first.length];
            for (int i = 0; i < first.length; i++) {
                int end = count;
                while (end > 1 && weights[i * count + end - 1] == 0) {
                    end--;
                }
                while (begin[i] < end - 1 && weights[i * count + begin[i]] == 0) {
                    begin[i]++;
                }
                widest = Math.max(widest, end - begin[i]);
            }
            float[] kept = new float[first.length * widest];
            int[] places = new int[first.length];
            for (int i = 0; i < first.length; i++) {
                places[i] = Math.clamp(first[i] + begin[i], 0, Math.max(0, from - widest));
                for (int k = 0; k < widest; k++) {
                    int old = places[i] + k - first[i];
                    kept[i * widest + k] = old >= 0 && old < count ? weights[i * count + old] : 0;
                }
            }
            return new Taps(widest, places, kept);
        }
    }
}
