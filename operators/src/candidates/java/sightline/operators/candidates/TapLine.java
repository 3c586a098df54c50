package sightline.operators.candidates;

import static jdk.incubator.vector.FloatVector.fromArray;
import static sightline.operators.candidates.Blocks.HALF;
import static sightline.operators.candidates.Blocks.HALF_LANES;
import static sightline.operators.candidates.Blocks.LANES;
import static sightline.operators.candidates.Blocks.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Pixels along a line, each the sum over taps of a source pixel times the tap's weights, channel by channel. Pixel j reads column
 * {@code j * scale + shift} of a source row; a tap whose column lies outside counts as zero. Eight pixels at a time share
 * what is loaded of the weights and, where neighbours read neighbours, of the source.
 */
final class TapLine {
    private static final int PIXELS = 8;

    private final float[] in;
    private final float[] weights;
    private final float[] out;
    private final int channels;
    private final int width;
    private final int scale;
    private final int[] rowAt;
    private final int[] rowWeights;
    private final int[] shifts;
    private final int[] columnWeights;
    private final int[] at;
    private final int[] weightAt;
    private int rows;
    private int columns;

    TapLine(float[] in, float[] weights, float[] out, int channels, int width, int scale, int kernel) {
        this.in = in;
        this.weights = weights;
        this.out = out;
        this.channels = channels;
        this.width = width;
        this.scale = scale;
        rowAt = new int[kernel];
        rowWeights = new int[kernel];
        shifts = new int[kernel];
        columnWeights = new int[kernel];
        at = new int[kernel * kernel];
        weightAt = new int[kernel * kernel];
    }

    /** Adds a source row that begins at {@code begin}; its taps' weights begin at {@code offset}. */
    void row(int begin, int offset) {
        rowAt[rows] = begin;
        rowWeights[rows++] = offset;
    }

    /** Adds a column of taps, to the right of the one before. */
    void column(int shift, int offset) {
        shifts[columns] = shift;
        columnWeights[columns++] = offset;
    }

    /** Computes {@code count} pixels that lie {@code step} apart from {@code outAt} on. */
    void run(int outAt, int step, int count) {
        int first = 0;
        int last = count;
        for (int k = 0; k < columns; k++) {
            first = Math.max(first, Math.ceilDiv(-shifts[k], scale));
            last = Math.min(last, Math.floorDiv(width - 1 - shifts[k], scale) + 1);
        }
        for (int j = 0; j < Math.min(first, count); j++) {
            edge(outAt, step, j);
        }
        int taps = taps(0, false);
        int j = first;
        for (; j + PIXELS <= last; j += PIXELS) {
            eight(j, taps, outAt + j * step, step);
        }
        if (j < last && last - first >= PIXELS) {
            // The rest again with some of its predecessors: they come out as they were.
            eight(last - PIXELS, taps, outAt + (last - PIXELS) * step, step);
            j = last;
        }
        for (; j < last; j++) {
            one(j * scale * channels, taps, outAt + j * step);
        }
        for (j = Math.max(last, first); j < count; j++) {
            edge(outAt, step, j);
        }
    }

    private void edge(int outAt, int step, int j) {
        one(0, taps(j * scale, true), outAt + j * step);
    }

    private int taps(int column, boolean inside) {
        int taps = 0;
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < columns; k++) {
                int x = column + shifts[k];
                if (!inside || (x >= 0 && x < width)) {
                    at[taps] = rowAt[r] + x * channels;
                    weightAt[taps++] = rowWeights[r] + columnWeights[k];
                }
            }
        }
        return taps;
    }

    private void eight(int j, int taps, int to, int step) {
        if (channels % LANES != 0) {
            narrow(j * scale * channels, taps, to, step);
        } else if (scale == 1 && columns == 3) {
            three((j + shifts[0]) * channels, to, step);
        } else if (scale == 1 && columns == 5) {
            five((j + shifts[0]) * channels, to, step);
        } else {
            any(j * scale * channels, taps, to, step);
        }
    }

    private void any(int from, int taps, int to, int step) {
        int s = scale * channels;
        for (int c = 0; c < channels; c += LANES) {
            FloatVector y0 = FloatVector.zero(SPECIES);
            FloatVector y1 = y0;
            FloatVector y2 = y0;
            FloatVector y3 = y0;
            FloatVector y4 = y0;
            FloatVector y5 = y0;
            FloatVector y6 = y0;
            FloatVector y7 = y0;
            for (int t = 0; t < taps; t++) {
                FloatVector w = fromArray(SPECIES, weights, weightAt[t] + c);
                int i = at[t] + from + c;
                y0 = fromArray(SPECIES, in, i).fma(w, y0);
                y1 = fromArray(SPECIES, in, i + s).fma(w, y1);
                y2 = fromArray(SPECIES, in, i + 2 * s).fma(w, y2);
                y3 = fromArray(SPECIES, in, i + 3 * s).fma(w, y3);
                y4 = fromArray(SPECIES, in, i + 4 * s).fma(w, y4);
                y5 = fromArray(SPECIES, in, i + 5 * s).fma(w, y5);
                y6 = fromArray(SPECIES, in, i + 6 * s).fma(w, y6);
                y7 = fromArray(SPECIES, in, i + 7 * s).fma(w, y7);
            }
            int o = to + c;
            y0.intoArray(out, o);
            y1.intoArray(out, o + step);
            y2.intoArray(out, o + 2 * step);
            y3.intoArray(out, o + 3 * step);
            y4.intoArray(out, o + 4 * step);
            y5.intoArray(out, o + 5 * step);
            y6.intoArray(out, o + 6 * step);
            y7.intoArray(out, o + 7 * step);
        }
    }

    private void narrow(int from, int taps, int to, int step) {
        int s = scale * channels;
        for (int c = 0; c < channels; c += HALF_LANES) {
            FloatVector y0 = FloatVector.zero(HALF);
            FloatVector y1 = y0;
            FloatVector y2 = y0;
            FloatVector y3 = y0;
            FloatVector y4 = y0;
            FloatVector y5 = y0;
            FloatVector y6 = y0;
            FloatVector y7 = y0;
            for (int t = 0; t < taps; t++) {
                FloatVector w = fromArray(HALF, weights, weightAt[t] + c);
                int i = at[t] + from + c;
                y0 = fromArray(HALF, in, i).fma(w, y0);
                y1 = fromArray(HALF, in, i + s).fma(w, y1);
                y2 = fromArray(HALF, in, i + 2 * s).fma(w, y2);
                y3 = fromArray(HALF, in, i + 3 * s).fma(w, y3);
                y4 = fromArray(HALF, in, i + 4 * s).fma(w, y4);
                y5 = fromArray(HALF, in, i + 5 * s).fma(w, y5);
                y6 = fromArray(HALF, in, i + 6 * s).fma(w, y6);
                y7 = fromArray(HALF, in, i + 7 * s).fma(w, y7);
            }
            int o = to + c;
            y0.intoArray(out, o);
            y1.intoArray(out, o + step);
            y2.intoArray(out, o + 2 * step);
            y3.intoArray(out, o + 3 * step);
            y4.intoArray(out, o + 4 * step);
            y5.intoArray(out, o + 5 * step);
            y6.intoArray(out, o + 6 * step);
            y7.intoArray(out, o + 7 * step);
        }
    }

    private void three(int from, int to, int step) {
        for (int c = 0; c < channels; c += LANES) {
            FloatVector y0 = FloatVector.zero(SPECIES);
            FloatVector y1 = y0;
            FloatVector y2 = y0;
            FloatVector y3 = y0;
            FloatVector y4 = y0;
            FloatVector y5 = y0;
            FloatVector y6 = y0;
            FloatVector y7 = y0;
            for (int r = 0; r < rows; r++) {
                FloatVector w0 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[0] + c);
                FloatVector w1 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[1] + c);
                FloatVector w2 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[2] + c);
                int i = rowAt[r] + from + c;
                FloatVector v = fromArray(SPECIES, in, i);
                y0 = v.fma(w0, y0);
                v = fromArray(SPECIES, in, i + channels);
                y1 = v.fma(w0, y1);
                y0 = v.fma(w1, y0);
                v = fromArray(SPECIES, in, i + 2 * channels);
                y2 = v.fma(w0, y2);
                y1 = v.fma(w1, y1);
                y0 = v.fma(w2, y0);
                v = fromArray(SPECIES, in, i + 3 * channels);
                y3 = v.fma(w0, y3);
                y2 = v.fma(w1, y2);
                y1 = v.fma(w2, y1);
                v = fromArray(SPECIES, in, i + 4 * channels);
                y4 = v.fma(w0, y4);
                y3 = v.fma(w1, y3);
                y2 = v.fma(w2, y2);
                v = fromArray(SPECIES, in, i + 5 * channels);
                y5 = v.fma(w0, y5);
                y4 = v.fma(w1, y4);
                y3 = v.fma(w2, y3);
                v = fromArray(SPECIES, in, i + 6 * channels);
                y6 = v.fma(w0, y6);
                y5 = v.fma(w1, y5);
                y4 = v.fma(w2, y4);
                v = fromArray(SPECIES, in, i + 7 * channels);
                y7 = v.fma(w0, y7);
                y6 = v.fma(w1, y6);
                y5 = v.fma(w2, y5);
                v = fromArray(SPECIES, in, i + 8 * channels);
                y7 = v.fma(w1, y7);
                y6 = v.fma(w2, y6);
                v = fromArray(SPECIES, in, i + 9 * channels);
                y7 = v.fma(w2, y7);
            }
            int o = to + c;
            y0.intoArray(out, o);
            y1.intoArray(out, o + step);
            y2.intoArray(out, o + 2 * step);
            y3.intoArray(out, o + 3 * step);
            y4.intoArray(out, o + 4 * step);
            y5.intoArray(out, o + 5 * step);
            y6.intoArray(out, o + 6 * step);
            y7.intoArray(out, o + 7 * step);
        }
    }

    private void five(int from, int to, int step) {
        for (int c = 0; c < channels; c += LANES) {
            FloatVector y0 = FloatVector.zero(SPECIES);
            FloatVector y1 = y0;
            FloatVector y2 = y0;
            FloatVector y3 = y0;
            FloatVector y4 = y0;
            FloatVector y5 = y0;
            FloatVector y6 = y0;
            FloatVector y7 = y0;
            for (int r = 0; r < rows; r++) {
                FloatVector w0 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[0] + c);
                FloatVector w1 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[1] + c);
                FloatVector w2 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[2] + c);
                FloatVector w3 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[3] + c);
                FloatVector w4 = fromArray(SPECIES, weights, rowWeights[r] + columnWeights[4] + c);
                int i = rowAt[r] + from + c;
                FloatVector v = fromArray(SPECIES, in, i);
                y0 = v.fma(w0, y0);
                v = fromArray(SPECIES, in, i + channels);
                y1 = v.fma(w0, y1);
                y0 = v.fma(w1, y0);
                v = fromArray(SPECIES, in, i + 2 * channels);
                y2 = v.fma(w0, y2);
                y1 = v.fma(w1, y1);
                y0 = v.fma(w2, y0);
                v = fromArray(SPECIES, in, i + 3 * channels);
                y3 = v.fma(w0, y3);
                y2 = v.fma(w1, y2);
                y1 = v.fma(w2, y1);
                y0 = v.fma(w3, y0);
                v = fromArray(SPECIES, in, i + 4 * channels);
                y4 = v.fma(w0, y4);
                y3 = v.fma(w1, y3);
                y2 = v.fma(w2, y2);
                y1 = v.fma(w3, y1);
                y0 = v.fma(w4, y0);
                v = fromArray(SPECIES, in, i + 5 * channels);
                y5 = v.fma(w0, y5);
                y4 = v.fma(w1, y4);
                y3 = v.fma(w2, y3);
                y2 = v.fma(w3, y2);
                y1 = v.fma(w4, y1);
                v = fromArray(SPECIES, in, i + 6 * channels);
                y6 = v.fma(w0, y6);
                y5 = v.fma(w1, y5);
                y4 = v.fma(w2, y4);
                y3 = v.fma(w3, y3);
                y2 = v.fma(w4, y2);
                v = fromArray(SPECIES, in, i + 7 * channels);
                y7 = v.fma(w0, y7);
                y6 = v.fma(w1, y6);
                y5 = v.fma(w2, y5);
                y4 = v.fma(w3, y4);
                y3 = v.fma(w4, y3);
                v = fromArray(SPECIES, in, i + 8 * channels);
                y7 = v.fma(w1, y7);
                y6 = v.fma(w2, y6);
                y5 = v.fma(w3, y5);
                y4 = v.fma(w4, y4);
                v = fromArray(SPECIES, in, i + 9 * channels);
                y7 = v.fma(w2, y7);
                y6 = v.fma(w3, y6);
                y5 = v.fma(w4, y5);
                v = fromArray(SPECIES, in, i + 10 * channels);
                y7 = v.fma(w3, y7);
                y6 = v.fma(w4, y6);
                v = fromArray(SPECIES, in, i + 11 * channels);
                y7 = v.fma(w4, y7);
            }
            int o = to + c;
            y0.intoArray(out, o);
            y1.intoArray(out, o + step);
            y2.intoArray(out, o + 2 * step);
            y3.intoArray(out, o + 3 * step);
            y4.intoArray(out, o + 4 * step);
            y5.intoArray(out, o + 5 * step);
            y6.intoArray(out, o + 6 * step);
            y7.intoArray(out, o + 7 * step);
        }
    }

    private void one(int from, int taps, int to) {
        int c = 0;
        for (; c + 4 * LANES <= channels; c += 4 * LANES) {
            FloatVector y0 = FloatVector.zero(SPECIES);
            FloatVector y1 = y0;
            FloatVector y2 = y0;
            FloatVector y3 = y0;
            for (int t = 0; t < taps; t++) {
                int w = weightAt[t] + c;
                int i = at[t] + from + c;
                y0 = fromArray(SPECIES, in, i).fma(fromArray(SPECIES, weights, w), y0);
                y1 = fromArray(SPECIES, in, i + LANES).fma(fromArray(SPECIES, weights, w + LANES), y1);
                y2 = fromArray(SPECIES, in, i + 2 * LANES).fma(fromArray(SPECIES, weights, w + 2 * LANES), y2);
                y3 = fromArray(SPECIES, in, i + 3 * LANES).fma(fromArray(SPECIES, weights, w + 3 * LANES), y3);
            }
            y0.intoArray(out, to + c);
            y1.intoArray(out, to + c + LANES);
            y2.intoArray(out, to + c + 2 * LANES);
            y3.intoArray(out, to + c + 3 * LANES);
        }
        for (; c < channels; c += LANES) {
            FloatVector y = FloatVector.zero(SPECIES);
            for (int t = 0; t < taps; t++) {
                y = fromArray(SPECIES, in, at[t] + from + c).fma(fromArray(SPECIES, weights, weightAt[t] + c), y);
            }
            Blocks.put(channels - c, out, to + c, y);
        }
    }
}
