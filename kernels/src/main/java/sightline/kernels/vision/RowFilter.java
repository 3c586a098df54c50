package sightline.kernels.vision;

/**
 * Resamples rows across, from interleaved pixels to planes, four neighbours at a time: a loop whose body has a fixed length is
 * several times as fast as one around another of a few steps.
 *
 * <p>Immutable: any number of threads.
 */
final class RowFilter {
    private static final int QUAD = 4;

    private final int width;
    private final int length;
    private final int[] first;
    /** For each four neighbours, four weights a target; filled up with zeros. */
    private final float[][] weights;

    RowFilter(Resampling.Taps across, int sourceWidth) {
        this.first = across.first();
        this.width = first.length;
        this.weights = new float[Math.ceilDiv(across.count(), QUAD)][QUAD * width];
        this.length = 3 * (sourceWidth + QUAD * weights.length);
        for (int i = 0; i < across.weights().length; i++) {
            int k = i % across.count();
            weights[k / QUAD][QUAD * (i / across.count()) + k % QUAD] = across.weights()[i];
        }
    }

    /** Of a source row's array: as much as may be looked at, beyond the picture with weight 0. */
    int length() {
        return length;
    }

    void apply(float[] row, float[] out) {
        set(row, weights[0], out);
        for (int quad = 1; quad < weights.length; quad++) {
            add(row, QUAD * quad, weights[quad], out);
        }
    }

    private void set(float[] row, float[] weight, float[] out) {
        for (int x = 0; x < width; x++) {
            int at = 3 * first[x];
            float u = weight[QUAD * x];
            float v = weight[QUAD * x + 1];
            float w = weight[QUAD * x + 2];
            float z = weight[QUAD * x + 3];
            out[x] = u * row[at] + v * row[at + 3] + w * row[at + 6] + z * row[at + 9];
            out[width + x] = u * row[at + 1] + v * row[at + 4] + w * row[at + 7] + z * row[at + 10];
            out[2 * width + x] = u * row[at + 2] + v * row[at + 5] + w * row[at + 8] + z * row[at + 11];
        }
    }

    private void add(float[] row, int offset, float[] weight, float[] out) {
        for (int x = 0; x < width; x++) {
            int at = 3 * (first[x] + offset);
            float u = weight[QUAD * x];
            float v = weight[QUAD * x + 1];
            float w = weight[QUAD * x + 2];
            float z = weight[QUAD * x + 3];
            out[x] += u * row[at] + v * row[at + 3] + w * row[at + 6] + z * row[at + 9];
            out[width + x] += u * row[at + 1] + v * row[at + 4] + w * row[at + 7] + z * row[at + 10];
            out[2 * width + x] += u * row[at + 2] + v * row[at + 5] + w * row[at + 8] + z * row[at + 11];
        }
    }
}
