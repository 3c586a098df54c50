package sightline.kernels.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import sightline.config.domain.Pixels;

/**
 * Some rows of the input, one after the other, with the scratch that this takes. Where a picture shrinks, its rows are
 * blended before they are resampled across, which leaves fewer rows for the part that no compiler turns into vector
 * instructions; where it grows, rows are resampled once and then blended.
 */
final class Band {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final Framing framing;
    /** Of each place of a row's three channels. */
    private final float[] scale;

    private final float[] shift;
    private final Resampling.Taps down;
    private final RowFilter across;
    private final boolean shrinks;
    private final int from;
    private final int to;
    private final SourceRows source;
    private final float[] blended;
    /** Where it grows: source rows resampled across, a ring as the source's. */
    private final float[][] ring;

    private final int[] held;
    /** Where it grows: one source row. */
    private final float[] whole;

    private final float[] out;

    Band(Framing framing, Normalisation normalisation, Resampling.Taps down, RowFilter across, int from, int to) {
        this.framing = framing;
        this.down = down;
        this.across = across;
        this.from = from;
        this.to = to;
        this.shrinks = framing.sourceHeight() > framing.height();
        this.source = new SourceRows(framing.sourceWidth(), across.length(), shrinks ? down.count() : 0);
        this.blended = new float[shrinks ? across.length() : 0];
        this.ring = new float[shrinks ? 0 : down.count()][3 * framing.width()];
        this.held = new int[ring.length];
        this.whole = new float[shrinks ? 0 : across.length()];
        this.out = new float[3 * framing.width()];
        this.scale = new float[out.length];
        this.shift = new float[out.length];
        for (int i = 0; i < out.length; i++) {
            scale[i] = normalisation.scale(i / framing.width());
            shift[i] = normalisation.shift(i / framing.width());
        }
    }

    void write(Pixels pixels, MemorySegment target, long offset) {
        source.open(pixels);
        Arrays.fill(held, -1);
        for (int y = from; y < to; y++) {
            if (shrinks) {
                source.blend(down, y, blended);
                across.apply(blended, out);
            } else {
                blendResampled(y);
            }
            store(y, target, offset);
        }
    }

    private void blendResampled(int y) {
        Arrays.fill(out, 0);
        for (int k = 0; k < down.count(); k++) {
            float weight = down.weights()[y * down.count() + k];
            if (weight != 0) {
                float[] row = resampled(down.first()[y] + k);
                for (int i = 0; i < out.length; i++) {
                    out[i] += weight * row[i];
                }
            }
        }
    }

    private float[] resampled(int y) {
        int slot = y % ring.length;
        if (held[slot] != y) {
            held[slot] = y;
            source.read(y, whole);
            across.apply(whole, ring[slot]);
        }
        return ring[slot];
    }

    private void store(int y, MemorySegment target, long offset) {
        for (int i = 0; i < out.length; i++) {
            out[i] = out[i] * scale[i] + shift[i];
        }
        int width = framing.width();
        for (int c = 0; c < 3; c++) {
            long at = ((long) c * framing.inputHeight() + y) * framing.inputWidth();
            MemorySegment.copy(out, c * width, target, FLOAT, offset + Float.BYTES * at, width);
        }
    }
}
