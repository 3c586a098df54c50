package sightline.kernels.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import sightline.config.domain.Pixels;

/**
 * Resizes, normalises and lays out a picture as 3 x height x width float32 in one pass.
 *
 * <p>Made once for a pair of sizes; the tables of weights and a few rows of scratch are all its memory, so no scaled picture
 * ever exists. Where a picture shrinks, its rows are blended before they are resampled across, which leaves fewer rows for
 * the part that no compiler turns into vector instructions; where it grows, rows are resampled once and then blended.
 * Padding is written once by {@link #pad}: it does not change from frame to frame.
 *
 * <p>Threading: one thread at a time. Ownership: neither pixels nor target are kept.
 */
public final class ImageToTensor {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final Framing framing;
    private final Normalisation normalisation;
    private final Resampling.Taps across;
    private final Resampling.Taps down;
    private final boolean shrinks;
    /** Where it grows: source rows resampled across, a ring of {@code down.count()}: rows of width times 3, planar. */
    private final float[][] ring;
    /** Which source row each ring slot holds. */
    private final int[] held;

    private final byte[] bytes;
    /** A source row, or a blend of some: interleaved as they are. */
    private final float[] line;

    private final float[] sum;

    public ImageToTensor(Framing framing, Resampling resampling, Normalisation normalisation) {
        this.framing = framing;
        this.normalisation = normalisation;
        this.across = framing.across(resampling);
        this.down = framing.down(resampling);
        this.shrinks = framing.sourceHeight() > framing.height();
        this.ring = new float[shrinks ? 0 : down.count()][3 * framing.width()];
        this.held = new int[ring.length];
        // A tap table may reach past a tiny picture by its width; those bytes carry weight 0.
        this.bytes = new byte[3 * Math.max(framing.sourceWidth(), across.count())];
        this.line = new float[bytes.length];
        this.sum = new float[3 * framing.width()];
    }

    public Framing framing() {
        return framing;
    }

    /** Floats that one picture takes in the target. */
    public long floats() {
        return 3L * framing.inputWidth() * framing.inputHeight();
    }

    /**
     * Fills the part of the input that no picture covers.
     *
     * @param value after normalisation; 0 is the mean colour
     */
    public void pad(MemorySegment target, long offsetBytes, float value) {
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < framing.inputHeight(); y++) {
                int from = y < framing.height() ? framing.width() : 0;
                for (int x = from; x < framing.inputWidth(); x++) {
                    target.set(FLOAT, offsetBytes + 4 * index(c, y, x), value);
                }
            }
        }
    }

    /** Writes the picture; the padding is left as it is. */
    public void write(Pixels pixels, MemorySegment target, long offsetBytes) {
        if (pixels.width() != framing.sourceWidth() || pixels.height() != framing.sourceHeight()) {
            throw new IllegalArgumentException("a picture of " + pixels.width() + "x" + pixels.height() + " came where "
                    + framing.sourceWidth() + "x" + framing.sourceHeight() + " was planned");
        }
        Arrays.fill(held, -1);
        int width = framing.width();
        for (int y = 0; y < framing.height(); y++) {
            Arrays.fill(shrinks ? line : sum, 0);
            for (int k = 0; k < down.count(); k++) {
                float weight = down.weights()[y * down.count() + k];
                if (weight != 0) {
                    add(pixels, down.first()[y] + k, weight);
                }
            }
            if (shrinks) {
                resample(line, sum);
            }
            for (int c = 0; c < 3; c++) {
                float scale = normalisation.scale(c);
                float shift = normalisation.shift(c);
                for (int i = c * width; i < (c + 1) * width; i++) {
                    sum[i] = sum[i] * scale + shift;
                }
                MemorySegment.copy(sum, c * width, target, FLOAT, offsetBytes + 4 * index(c, y, 0), width);
            }
        }
    }

    private void add(Pixels pixels, int source, float weight) {
        if (shrinks) {
            load(pixels, source);
            for (int i = 0; i < line.length; i++) {
                line[i] += weight * (bytes[i] & 255);
            }
        } else {
            float[] row = row(pixels, source);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * row[i];
            }
        }
    }

    private float[] row(Pixels pixels, int source) {
        int slot = source % ring.length;
        if (held[slot] != source) {
            held[slot] = source;
            load(pixels, source);
            for (int i = 0; i < line.length; i++) {
                line[i] = bytes[i] & 255;
            }
            resample(line, ring[slot]);
        }
        return ring[slot];
    }

    private void load(Pixels pixels, int y) {
        MemorySegment.copy(
                pixels.data(), ValueLayout.JAVA_BYTE, (long) y * pixels.stride(), bytes, 0, 3 * framing.sourceWidth());
    }

    /** From interleaved pixels of the source's width to planes of the input's. */
    private void resample(float[] from, float[] to) {
        int width = framing.width();
        int count = across.count();
        float[] weights = across.weights();
        for (int x = 0; x < width; x++) {
            float r = 0;
            float g = 0;
            float b = 0;
            int at = 3 * across.first()[x];
            for (int k = x * count; k < (x + 1) * count; k++) {
                float w = weights[k];
                r += w * from[at];
                g += w * from[at + 1];
                b += w * from[at + 2];
                at += 3;
            }
            to[x] = r;
            to[width + x] = g;
            to[2 * width + x] = b;
        }
    }

    private long index(int channel, int y, int x) {
        return ((long) channel * framing.inputHeight() + y) * framing.inputWidth() + x;
    }
}
