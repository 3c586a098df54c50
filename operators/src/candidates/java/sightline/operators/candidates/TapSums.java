package sightline.operators.candidates;

import static jdk.incubator.vector.FloatVector.fromArray;
import static sightline.operators.candidates.Blocks.LANES;
import static sightline.operators.candidates.Blocks.SPECIES;

import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;

/**
 * The gradient for the weights under one row of a depthwise kernel of three or five columns: sums along a line of pixels, held in
 * registers, added to those of other lines at its end.
 */
final class TapSums {
    private final int channels;
    private final int padded;
    private final int kernel;
    private final int width;
    private final int stride;
    private final int padding;
    /** Floats from what one pixel of dy sees in x to what the next one sees. */
    private final int step;
    /** From here to before {@link #last}, pixels of dy see all columns. */
    private final int first;

    private final int last;
    /** The other pixels. */
    private final int[] edges;

    /** @param padded floats from one tap's sums to the next one's */
    TapSums(Layer layer, int padded) {
        this.channels = layer.in();
        this.padded = padded;
        this.kernel = layer.kernel();
        this.width = layer.width();
        this.stride = layer.stride();
        this.padding = layer.padding();
        this.step = stride * channels;
        int begin = Math.ceilDiv(padding, stride);
        int end = Math.floorDiv(width - kernel + padding, stride) + 1;
        this.first = begin < end ? begin : 0;
        this.last = begin < end ? end : 0;
        this.edges = IntStream.range(0, layer.outWidth())
                .filter(j -> j < first || j >= last)
                .toArray();
        if (kernel != 3 && kernel != 5) {
            throw new IllegalArgumentException("No depthwise kernel of " + kernel + " columns");
        }
    }

    /** Adds what a line of dy and a line of x have in common to the sums of the kernel's row that begins at {@code tap}. */
    void line(float[] x, int xAt, float[] dy, int dyAt, float[] sums, int tap) {
        if (kernel == 3) {
            three(x, xAt, dy, dyAt, sums, tap);
        } else {
            five(x, xAt, dy, dyAt, sums, tap);
        }
    }

    private boolean sees(int edge, int column) {
        int at = edges[edge] * stride - padding + column;
        return at >= 0 && at < width;
    }

    private void three(float[] x, int xAt, float[] dy, int dyAt, float[] sums, int tap) {
        for (int c = 0; c < channels; c += LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector c0 = a0;
            FloatVector c1 = a0;
            FloatVector c2 = a0;
            FloatVector d0 = a0;
            FloatVector d1 = a0;
            FloatVector d2 = a0;
            for (int e = 0; e < edges.length; e++) {
                int p = xAt + (edges[e] * stride - padding) * channels + c;
                FloatVector d = fromArray(SPECIES, dy, dyAt + edges[e] * channels + c);
                a0 = sees(e, 0) ? fromArray(SPECIES, x, p).fma(d, a0) : a0;
                a1 = sees(e, 1) ? fromArray(SPECIES, x, p + channels).fma(d, a1) : a1;
                a2 = sees(e, 2) ? fromArray(SPECIES, x, p + 2 * channels).fma(d, a2) : a2;
            }
            int p = xAt + (first * stride - padding) * channels + c;
            int q = dyAt + first * channels + c;
            int j = first;
            for (; j + 4 <= last; j += 4) {
                FloatVector d = fromArray(SPECIES, dy, q);
                a0 = fromArray(SPECIES, x, p).fma(d, a0);
                a1 = fromArray(SPECIES, x, p + channels).fma(d, a1);
                a2 = fromArray(SPECIES, x, p + 2 * channels).fma(d, a2);
                d = fromArray(SPECIES, dy, q + channels);
                b0 = fromArray(SPECIES, x, p + step).fma(d, b0);
                b1 = fromArray(SPECIES, x, p + step + channels).fma(d, b1);
                b2 = fromArray(SPECIES, x, p + step + 2 * channels).fma(d, b2);
                d = fromArray(SPECIES, dy, q + 2 * channels);
                c0 = fromArray(SPECIES, x, p + 2 * step).fma(d, c0);
                c1 = fromArray(SPECIES, x, p + 2 * step + channels).fma(d, c1);
                c2 = fromArray(SPECIES, x, p + 2 * step + 2 * channels).fma(d, c2);
                d = fromArray(SPECIES, dy, q + 3 * channels);
                d0 = fromArray(SPECIES, x, p + 3 * step).fma(d, d0);
                d1 = fromArray(SPECIES, x, p + 3 * step + channels).fma(d, d1);
                d2 = fromArray(SPECIES, x, p + 3 * step + 2 * channels).fma(d, d2);
                p += 4 * step;
                q += 4 * channels;
            }
            for (; j < last; j++) {
                FloatVector d = fromArray(SPECIES, dy, q);
                a0 = fromArray(SPECIES, x, p).fma(d, a0);
                a1 = fromArray(SPECIES, x, p + channels).fma(d, a1);
                a2 = fromArray(SPECIES, x, p + 2 * channels).fma(d, a2);
                p += step;
                q += channels;
            }
            a0.add(b0).add(c0).add(d0).add(fromArray(SPECIES, sums, tap + c)).intoArray(sums, tap + c);
            a1.add(b1)
                    .add(c1)
                    .add(d1)
                    .add(fromArray(SPECIES, sums, tap + padded + c))
                    .intoArray(sums, tap + padded + c);
            a2.add(b2)
                    .add(c2)
                    .add(d2)
                    .add(fromArray(SPECIES, sums, tap + 2 * padded + c))
                    .intoArray(sums, tap + 2 * padded + c);
        }
    }

    private void five(float[] x, int xAt, float[] dy, int dyAt, float[] sums, int tap) {
        for (int c = 0; c < channels; c += LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector a4 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector b3 = a0;
            FloatVector b4 = a0;
            for (int e = 0; e < edges.length; e++) {
                int p = xAt + (edges[e] * stride - padding) * channels + c;
                FloatVector d = fromArray(SPECIES, dy, dyAt + edges[e] * channels + c);
                a0 = sees(e, 0) ? fromArray(SPECIES, x, p).fma(d, a0) : a0;
                a1 = sees(e, 1) ? fromArray(SPECIES, x, p + channels).fma(d, a1) : a1;
                a2 = sees(e, 2) ? fromArray(SPECIES, x, p + 2 * channels).fma(d, a2) : a2;
                a3 = sees(e, 3) ? fromArray(SPECIES, x, p + 3 * channels).fma(d, a3) : a3;
                a4 = sees(e, 4) ? fromArray(SPECIES, x, p + 4 * channels).fma(d, a4) : a4;
            }
            int p = xAt + (first * stride - padding) * channels + c;
            int q = dyAt + first * channels + c;
            int j = first;
            for (; j + 2 <= last; j += 2) {
                FloatVector d = fromArray(SPECIES, dy, q);
                a0 = fromArray(SPECIES, x, p).fma(d, a0);
                a1 = fromArray(SPECIES, x, p + channels).fma(d, a1);
                a2 = fromArray(SPECIES, x, p + 2 * channels).fma(d, a2);
                a3 = fromArray(SPECIES, x, p + 3 * channels).fma(d, a3);
                a4 = fromArray(SPECIES, x, p + 4 * channels).fma(d, a4);
                d = fromArray(SPECIES, dy, q + channels);
                b0 = fromArray(SPECIES, x, p + step).fma(d, b0);
                b1 = fromArray(SPECIES, x, p + step + channels).fma(d, b1);
                b2 = fromArray(SPECIES, x, p + step + 2 * channels).fma(d, b2);
                b3 = fromArray(SPECIES, x, p + step + 3 * channels).fma(d, b3);
                b4 = fromArray(SPECIES, x, p + step + 4 * channels).fma(d, b4);
                p += 2 * step;
                q += 2 * channels;
            }
            for (; j < last; j++) {
                FloatVector d = fromArray(SPECIES, dy, q);
                a0 = fromArray(SPECIES, x, p).fma(d, a0);
                a1 = fromArray(SPECIES, x, p + channels).fma(d, a1);
                a2 = fromArray(SPECIES, x, p + 2 * channels).fma(d, a2);
                a3 = fromArray(SPECIES, x, p + 3 * channels).fma(d, a3);
                a4 = fromArray(SPECIES, x, p + 4 * channels).fma(d, a4);
                p += step;
                q += channels;
            }
            a0.add(b0).add(fromArray(SPECIES, sums, tap + c)).intoArray(sums, tap + c);
            a1.add(b1).add(fromArray(SPECIES, sums, tap + padded + c)).intoArray(sums, tap + padded + c);
            a2.add(b2).add(fromArray(SPECIES, sums, tap + 2 * padded + c)).intoArray(sums, tap + 2 * padded + c);
            a3.add(b3).add(fromArray(SPECIES, sums, tap + 3 * padded + c)).intoArray(sums, tap + 3 * padded + c);
            a4.add(b4).add(fromArray(SPECIES, sums, tap + 4 * padded + c)).intoArray(sums, tap + 4 * padded + c);
        }
    }
}
