package sightline.kernels.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import sightline.config.domain.Pixels;

/**
 * Rows of a picture as floats, interleaved as they are, and blends of them. A byte is converted once, however many blends
 * its row is in. Only signed bytes are converted by vector instructions, so each becomes signed by turning its upper bit
 * while it is fetched, and a blend adds what that took away.
 *
 * <p>Threading: one thread at a time. The last few rows are kept until {@link #open}.
 */
final class SourceRows {
    private static final int QUAD = 4;
    private static final int LARGEST = 6;
    /** What a byte whose upper bit was turned is short of. */
    private static final float SHORT_OF = 128;

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
        this.rows = new float[most + LARGEST][];
        this.weights = new float[most + LARGEST];
    }

    void open(Pixels opened) {
        picture = opened;
        Arrays.fill(held, -1);
    }

    /** Row {@code y} as it is, written to {@code row}. */
    void read(int y, float[] row) {
        fetch(y, row);
        for (int i = 0; i < bytes.length; i++) {
            row[i] += SHORT_OF;
        }
    }

    private float[] signed(int y) {
        int slot = y % ring.length;
        if (held[slot] != y) {
            held[slot] = y;
            fetch(y, ring[slot]);
        }
        return ring[slot];
    }

    private void fetch(int y, float[] row) {
        MemorySegment data = picture.data();
        long at = (long) y * picture.stride();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (data.get(ValueLayout.JAVA_BYTE, at + i) ^ 0x80);
        }
        for (int i = 0; i < bytes.length; i++) {
            row[i] = bytes[i];
        }
    }

    /** The blend that makes one row of the input, up to six rows at a time. */
    void blend(Resampling.Taps down, int target, float[] sum) {
        int count = 0;
        float base = 0;
        for (int k = 0; k < down.count(); k++) {
            float weight = down.weights()[target * down.count() + k];
            if (weight != 0) {
                rows[count] = signed(down.first()[target] + k);
                weights[count++] = weight;
                base += SHORT_OF * weight;
            }
        }
        if (count == 0) {
            Arrays.fill(sum, 0);
            return;
        }
        Arrays.fill(rows, count, rows.length, rows[0]);
        Arrays.fill(weights, count, weights.length, 0);
        int head = Math.min(LARGEST, count + count % 2);
        switch (head) {
            case 2 -> two(base, sum);
            case 4 -> four(base, sum);
            default -> six(base, sum);
        }
        for (int k = head; k < count; k += QUAD) {
            addFour(k, sum);
        }
    }

    private void two(float base, float[] sum) {
        float[] a = rows[0];
        float[] b = rows[1];
        float u = weights[0];
        float v = weights[1];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = base + u * a[i] + v * b[i];
        }
    }

    private void four(float base, float[] sum) {
        float[] a = rows[0];
        float[] b = rows[1];
        float[] c = rows[2];
        float[] d = rows[3];
        float u = weights[0];
        float v = weights[1];
        float w = weights[2];
        float x = weights[3];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = base + u * a[i] + v * b[i] + w * c[i] + x * d[i];
        }
    }

    private void six(float base, float[] sum) {
        float[] a = rows[0];
        float[] b = rows[1];
        float[] c = rows[2];
        float[] d = rows[3];
        float[] e = rows[4];
        float[] f = rows[5];
        float u = weights[0];
        float v = weights[1];
        float w = weights[2];
        float x = weights[3];
        float y = weights[4];
        float z = weights[5];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = base + u * a[i] + v * b[i] + w * c[i] + x * d[i] + y * e[i] + z * f[i];
        }
    }

    private void addFour(int k, float[] sum) {
        float[] a = rows[k];
        float[] b = rows[k + 1];
        float[] c = rows[k + 2];
        float[] d = rows[k + 3];
        float u = weights[k];
        float v = weights[k + 1];
        float w = weights[k + 2];
        float x = weights[k + 3];
        for (int i = 0; i < sum.length; i++) {
            sum[i] += u * a[i] + v * b[i] + w * c[i] + x * d[i];
        }
    }
}
