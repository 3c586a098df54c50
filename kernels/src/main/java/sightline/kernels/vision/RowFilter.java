package sightline.kernels.vision;

/**
 * Resamples rows across, from interleaved pixels to planes, two, four or six neighbours in one pass and four in each further
 * one: a loop whose body has a fixed length is several times as fast as one around another of a few steps.
 *
 * <p>Immutable: any number of threads.
 */
final class RowFilter {
    private static final int QUAD = 4;
    private static final int LARGEST = 6;

    private final int width;
    private final int length;
    /** Of each target, the place of its first neighbour in a row of interleaved pixels. */
    private final int[] first;
    /** Neighbours of the first pass. */
    private final int head;
    /** For each pass as many weights a target as it has neighbours; filled up with zeros. */
    private final float[][] weights;

    RowFilter(Resampling.Taps across, int sourceWidth) {
        int count = across.count();
        this.head = Math.min(LARGEST, count + count % 2);
        this.width = across.first().length;
        this.weights = new float[1 + Math.ceilDiv(Math.max(0, count - head), QUAD)][];
        this.first = new int[width];
        for (int pass = 0; pass < weights.length; pass++) {
            int size = pass == 0 ? head : QUAD;
            weights[pass] = new float[size * width];
            for (int x = 0; x < width; x++) {
                first[x] = 3 * across.first()[x];
                for (int k = 0; k < Math.min(size, count - begin(pass)); k++) {
                    weights[pass][size * x + k] = across.weights()[x * count + begin(pass) + k];
                }
            }
        }
        this.length = 3 * (sourceWidth + begin(weights.length));
    }

    /** Neighbours before those of a pass. */
    private int begin(int pass) {
        return pass == 0 ? 0 : head + QUAD * (pass - 1);
    }

    /** Of a source row's array: as much as may be looked at, beyond the picture with weight 0. */
    int length() {
        return length;
    }

    void apply(float[] row, float[] out) {
        switch (head) {
            case 2 -> two(row, weights[0], out);
            case 4 -> four(row, weights[0], out);
            default -> six(row, weights[0], out);
        }
        for (int pass = 1; pass < weights.length; pass++) {
            addFour(row, 3 * begin(pass), weights[pass], out);
        }
    }

    private void two(float[] row, float[] weight, float[] out) {
        for (int x = 0; x < width; x++) {
            int at = first[x];
            float a = weight[2 * x];
            float b = weight[2 * x + 1];
            out[x] = a * row[at] + b * row[at + 3];
            out[width + x] = a * row[at + 1] + b * row[at + 4];
            out[2 * width + x] = a * row[at + 2] + b * row[at + 5];
        }
    }

    private void four(float[] row, float[] weight, float[] out) {
        for (int x = 0; x < width; x++) {
            int at = first[x];
            float a = weight[4 * x];
            float b = weight[4 * x + 1];
            float c = weight[4 * x + 2];
            float d = weight[4 * x + 3];
            out[x] = a * row[at] + b * row[at + 3] + c * row[at + 6] + d * row[at + 9];
            out[width + x] = a * row[at + 1] + b * row[at + 4] + c * row[at + 7] + d * row[at + 10];
            out[2 * width + x] = a * row[at + 2] + b * row[at + 5] + c * row[at + 8] + d * row[at + 11];
        }
    }

    private void six(float[] row, float[] weight, float[] out) {
        for (int x = 0; x < width; x++) {
            int at = first[x];
            float a = weight[6 * x];
            float b = weight[6 * x + 1];
            float c = weight[6 * x + 2];
            float d = weight[6 * x + 3];
            float e = weight[6 * x + 4];
            float f = weight[6 * x + 5];
            out[x] = a * row[at]
                    + b * row[at + 3]
                    + c * row[at + 6]
                    + d * row[at + 9]
                    + e * row[at + 12]
                    + f * row[at + 15];
            out[width + x] = a * row[at + 1]
                    + b * row[at + 4]
                    + c * row[at + 7]
                    + d * row[at + 10]
                    + e * row[at + 13]
                    + f * row[at + 16];
            out[2 * width + x] = a * row[at + 2]
                    + b * row[at + 5]
                    + c * row[at + 8]
                    + d * row[at + 11]
                    + e * row[at + 14]
                    + f * row[at + 17];
        }
    }

    private void addFour(float[] row, int offset, float[] weight, float[] out) {
        for (int x = 0; x < width; x++) {
            int at = first[x] + offset;
            float a = weight[4 * x];
            float b = weight[4 * x + 1];
            float c = weight[4 * x + 2];
            float d = weight[4 * x + 3];
            out[x] += a * row[at] + b * row[at + 3] + c * row[at + 6] + d * row[at + 9];
            out[width + x] += a * row[at + 1] + b * row[at + 4] + c * row[at + 7] + d * row[at + 10];
            out[2 * width + x] += a * row[at + 2] + b * row[at + 5] + c * row[at + 8] + d * row[at + 11];
        }
    }
}
