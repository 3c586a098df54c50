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

    /**
     * What each filter's sum lacks: the share of what its input is stored less, and what rounding the filters does to it on
     * average.
     *
     * @param scale as for {@link #dense}
     * @param mean of the input's channels, null where it is not known
     * @param centre what the input's channels are stored less, null for nothing
     */
    static float[] lacking(
            Filters from, int filters, int channels, int taps, float[] scale, double[] mean, float[] centre) {
        float[] lacking = new float[filters];
        for (int f = 0; f < filters; f++) {
            float by = scale == null ? 1 : scale[f];
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                double stored = centre == null ? 0 : centre[c];
                double left = mean == null ? 0 : mean[c] - stored;
                for (int t = 0; t < taps; t++) {
                    float w = from.at(f, c, t) * by;
                    double error = Float.float16ToFloat(Float.floatToFloat16(w)) - (double) w;
                    sum += w * stored - error * left;
                }
            }
            lacking[f] = (float) sum;
        }
        return lacking;
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

    /** What filters that {@link #depthwise} packed make of what their input is stored less; null of nothing. */
    static float[] depthwiseShare(float[] packed, int channels, float[] centre) {
        if (centre == null) {
            return null;
        }
        int stored = Pixels.padded(channels);
        float[] share = new float[channels];
        for (int i = 0; i < packed.length; i++) {
            if (i % stored < channels) {
                share[i % stored] += packed[i] * centre[i % stored];
            }
        }
        return share;
    }

    /** The bias with what rounding such filters does on average to a sum over channels of these means. */
    static float[] depthwiseBias(float[] packed, float[] bias, float[] mean) {
        if (mean == null) {
            return bias;
        }
        float[] sum = bias == null ? new float[mean.length] : bias.clone();
        for (int i = 0; i < packed.length; i++) {
            float error = Float.float16ToFloat(Float.floatToFloat16(packed[i])) - packed[i];
            sum[i % sum.length] -= error * mean[i % sum.length];
        }
        return sum;
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
