package sightline.kernels.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import sightline.config.domain.Pixels;

/**
 * Rows of a picture as floats, interleaved as they are, and blends of them. A byte is converted once, however many blends
 * its row is in. Only signed bytes are converted by vector instructions, so each becomes signed by turning its upper bit
 * before and adding 128 after.
 *
 * <p>Threading: one thread at a time. The last few rows are kept until {@link #open}.
 */
final class SourceRows {
    private static final int QUAD = 4;

    private final byte[] bytes;
    /** A ring: source row y lies in slot y modulo its length. */
    private final float[][] ring;

    private final int[] held;
    private final float[][] rows;
    private final float[] weights;
    private Pixels picture;

    /**
     * @param width of the picture
     * @param length of a row's array, at least {@code 3 * width}; what lies beyond the picture stays 0
     * @param most rows of one blend
     */
    SourceRows(int width, int length, int most) {
        this.bytes = new byte[3 * width];
        this.ring = new float[most][length];
        this.held = new int[most];
        this.rows = new float[most + QUAD][];
        this.weights = new float[most + QUAD];
    }

    void open(Pixels opened) {
        picture = opened;
        Arrays.fill(held, -1);
    }

    /** Row {@code y} as it is; valid until as many others were asked for as one blend takes. */
    float[] row(int y) {
        int slot = y % ring.length;
        if (held[slot] != y) {
            held[slot] = y;
            MemorySegment.copy(
                    picture.data(), ValueLayout.JAVA_BYTE, (long) y * picture.stride(), bytes, 0, bytes.length);
            float[] row = ring[slot];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= (byte) 0x80;
            }
            for (int i = 0; i < bytes.length; i++) {
                row[i] = bytes[i] + 128f;
            }
        }
        return ring[slot];
    }

    /** The blend that makes one row of the input, four rows at a time. */
    void blend(Resampling.Taps down, int target, float[] sum) {
        int count = 0;
        for (int k = 0; k < down.count(); k++) {
            float weight = down.weights()[target * down.count() + k];
            if (weight != 0) {
                rows[count] = row(down.first()[target] + k);
                weights[count++] = weight;
            }
        }
        if (count == 0) {
            Arrays.fill(sum, 0);
            return;
        }
        Arrays.fill(rows, count, rows.length, rows[0]);
        Arrays.fill(weights, count, weights.length, 0);
        if (count <= 2) {
            two(sum);
        } else {
            four(sum);
        }
        for (int k = QUAD; k < count; k += QUAD) {
            add(k, sum);
        }
    }

    private void two(float[] sum) {
        float[] a = rows[0];
        float[] b = rows[1];
        float u = weights[0];
        float v = weights[1];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = u * a[i] + v * b[i];
        }
    }

    private void four(float[] sum) {
        float[] a = rows[0];
        float[] b = rows[1];
        float[] c = rows[2];
        float[] d = rows[3];
        float u = weights[0];
        float v = weights[1];
        float w = weights[2];
        float z = weights[3];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = u * a[i] + v * b[i] + w * c[i] + z * d[i];
        }
    }

    private void add(int k, float[] sum) {
        float[] a = rows[k];
        float[] b = rows[k + 1];
        float[] c = rows[k + 2];
        float[] d = rows[k + 3];
        float u = weights[k];
        float v = weights[k + 1];
        float w = weights[k + 2];
        float z = weights[k + 3];
        for (int i = 0; i < sum.length; i++) {
            sum[i] += u * a[i] + v * b[i] + w * c[i] + z * d[i];
        }
    }
}
