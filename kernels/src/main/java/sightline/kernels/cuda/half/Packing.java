package sightline.kernels.cuda.half;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sightline.kernels.cuda.program.Pixels;

/** Filters in the order and type that the half kernels read, scales folded in float32 before rounding. */
final class Packing {
    private Packing() {}

    /** Where filter f, channel c, tap t of the official layout lies. */
    interface Filters {
        float at(int filter, int channel, int tap);
    }

    private static MemorySegment halves(long count) {
        return Arena.ofAuto().allocate(2 * Math.max(8, count), 64);
    }

    /** [filter][tap][stored channels], zero in the padding. */
    static MemorySegment dense(Filters from, int filters, int channels, int taps, int stored, float[] scale) {
        MemorySegment packed = halves((long) filters * taps * stored);
        for (int f = 0; f < filters; f++) {
            float by = scale == null ? 1 : scale[f];
            for (int t = 0; t < taps; t++) {
                long base = ((long) f * taps + t) * stored;
                for (int c = 0; c < channels; c++) {
                    packed.setAtIndex(ValueLayout.JAVA_SHORT, base + c, Float.floatToFloat16(from.at(f, c, t) * by));
                }
            }
        }
        return packed;
    }

    /** Channels that {@link #grouped} packs together. */
    static final int GROUPED = 32;

    /** [32 channels][filter][channel] of groups as wide or half as wide, zero between one group and another. */
    static MemorySegment grouped(float[] w, int filters, int width) {
        MemorySegment packed = halves((filters + GROUPED - 1L) / GROUPED * GROUPED * GROUPED);
        for (int f = 0; f < filters; f++) {
            for (int c = 0; c < width; c++) {
                int channel = (f / width * width + c) % GROUPED;
                short half = Float.floatToFloat16(w[f * width + c]);
                packed.setAtIndex(ValueLayout.JAVA_SHORT, (long) f * GROUPED + channel, half);
            }
        }
        return packed;
    }

    /** [high, low][filters, a multiple of 32][32 inputs] of a stem's [27 inputs][filters]: a value is the sum of two halves. */
    static MemorySegment stem(float[] w, int filters) {
        int padded = (filters + GROUPED - 1) / GROUPED * GROUPED;
        MemorySegment packed = halves(2L * padded * GROUPED);
        for (int i = 0; i < w.length; i++) {
            long at = (long) (i % filters) * GROUPED + i / filters;
            short high = Float.floatToFloat16(w[i]);
            packed.setAtIndex(ValueLayout.JAVA_SHORT, at, high);
            short low = Float.floatToFloat16(w[i] - Float.float16ToFloat(high));
            packed.setAtIndex(ValueLayout.JAVA_SHORT, (long) padded * GROUPED + at, low);
        }
        return packed;
    }

    /** [tap][stored channels] of a depthwise convolution. */
    static float[] depthwise(float[] w, int channels, int taps, float[] scale) {
        int stored = Pixels.padded(channels);
        float[] packed = new float[taps * stored];
        for (int t = 0; t < taps; t++) {
            for (int c = 0; c < channels; c++) {
                packed[t * stored + c] = w[c * taps + t] * (scale == null ? 1 : scale[c]);
            }
        }
        return packed;
    }

    /** The same numbers as halves. */
    static MemorySegment halves(float[] values) {
        MemorySegment packed = halves(values.length);
        for (int i = 0; i < values.length; i++) {
            packed.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
        }
        return packed;
    }

    /** A vector padded with zeros, or null. */
    static float[] padded(float[] v, int channels) {
        return v == null ? null : java.util.Arrays.copyOf(v, Pixels.padded(channels));
    }
}
