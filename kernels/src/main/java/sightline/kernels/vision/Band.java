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
    private final Normalisation normalisation;
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
    private final float[] out;

    Band(Framing framing, Normalisation normalisation, Resampling.Taps down, RowFilter across, int from, int to) {
        this.framing = framing;
        this.normalisation = normalisation;
        this.down = down;
        this.across = across;
        this.from = from;
        this.to = to;
        this.shrinks = framing.sourceHeight() > framing.height();
        this.source = new SourceRows(framing.sourceWidth(), across.length(), down.count());
        this.blended = new float[shrinks ? across.length() : 0];
        this.ring = new float[shrinks ? 0 : down.count()][3 * framing.width()];
        this.held = new int[ring.length];
        this.out = new float[3 * framing.width()];
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
            across.apply(source.row(y), ring[slot]);
        }
        return ring[slot];
    }

    private void store(int y, MemorySegment target, long offset) {
        int width = framing.width();
        for (int c = 0; c < 3; c++) {
            float scale = normalisation.scale(c);
            float shift = normalisation.shift(c);
            for (int i = c * width; i < (c + 1) * width; i++) {
                out[i] = out[i] * scale + shift;
            }
            long at = ((long) c * framing.inputHeight() + y) * framing.inputWidth();
            MemorySegment.copy(out, c * width, target, FLOAT, offset + Float.BYTES * at, width);
        }
    }
}
