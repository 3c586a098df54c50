package sightline.operators.sam;

import java.util.BitSet;
import java.util.Optional;
import sightline.config.domain.Mask;

/**
 * From a decoder's small square of logits to pixels of the original picture: bilinear to the prompt frame, cut to what
 * the picture covers, bilinear to the picture, then a threshold, as in the official post-processing.
 *
 * <p>Both steps are linear, so each picture column and row is a weighted sum of at most three of the small map's, and
 * only the part of the picture that these reach is computed.
 *
 * <p>Threading: one thread at a time; working memory is kept from mask to mask.
 */
final class Stencil {
    private static final int TAPS = 3;

    private final int side;
    private final Axis across;
    private final Axis down;
    private final float[] wide;

    /** @param side of the decoder's square of logits */
    Stencil(PromptFrame frame, int side) {
        this.side = side;
        this.across = Axis.of(side, frame.width(), frame.sourceWidth());
        this.down = Axis.of(side, frame.height(), frame.sourceHeight());
        this.wide = new float[side * frame.sourceWidth()];
    }

    /** For each target three consecutive sources and their weights. */
    private record Axis(int[] first, float[] weights) {
        static Axis of(int side, int covered, int target) {
            int[] first = new int[target];
            float[] weights = new float[TAPS * target];
            for (int i = 0; i < target; i++) {
                double at = Math.max(0, (i + 0.5) * covered / target - 0.5);
                int near = Math.min((int) at, covered - 1);
                first[i] = Math.min(lower(near, side), side - TAPS);
                add(weights, i, first[i], near, 1 - (at - near), side);
                add(weights, i, first[i], Math.min(near + 1, covered - 1), at - near, side);
            }
            return new Axis(first, weights);
        }

        private static double place(int framePixel, int side) {
            return Math.max(0, (framePixel + 0.5) * side / Sam.PROMPT_FRAME - 0.5);
        }

        private static int lower(int framePixel, int side) {
            return Math.min((int) place(framePixel, side), side - 1);
        }

        private static void add(float[] weights, int target, int first, int framePixel, double share, int side) {
            int low = lower(framePixel, side);
            double fraction = place(framePixel, side) - low;
            weights[TAPS * target + low - first] += (float) (share * (1 - fraction));
            weights[TAPS * target + Math.min(low + 1, side - 1) - first] += (float) (share * fraction);
        }

        /** Targets that read any of the sources from {@code low} to {@code high}, as a half-open range. */
        private int[] reached(int low, int high) {
            int from = 0;
            while (from < first.length && first[from] + TAPS - 1 < low) {
                from++;
            }
            int to = first.length;
            while (to > from && first[to - 1] > high) {
                to--;
            }
            return new int[] {from, to};
        }
    }

    /**
     * @param threshold above which a logit belongs to the thing
     * @param offset between the threshold and the two at which stability is taken
     */
    Mask cut(Answer answer, double threshold, double offset) {
        int[] extent = extent(answer.logits(), (float) (threshold - offset));
        int[] columns = across.reached(extent[0], extent[2]);
        int[] rows = down.reached(extent[1], extent[3]);
        if (extent[0] > extent[2]) {
            return new Mask(Optional.empty(), answer.quality(), 0, 0, 0, 0, 0, new BitSet());
        }
        int width = columns[1] - columns[0];
        widen(answer.logits(), columns, rows);
        BitSet pixels = new BitSet(width * (rows[1] - rows[0]));
        long sure = 0;
        long possible = 0;
        for (int y = rows[0]; y < rows[1]; y++) {
            int row = down.first[y] * width;
            float a = down.weights[TAPS * y];
            float b = down.weights[TAPS * y + 1];
            float c = down.weights[TAPS * y + 2];
            int at = (y - rows[0]) * width;
            for (int x = 0; x < width; x++) {
                float logit = a * wide[row + x] + b * wide[row + width + x] + c * wide[row + 2 * width + x];
                if (logit > threshold - offset) {
                    possible++;
                    sure += logit > threshold + offset ? 1 : 0;
                    pixels.set(at + x, logit > threshold);
                }
            }
        }
        double stability = possible == 0 ? 0 : (double) sure / possible;
        return tight(answer.quality(), stability, columns[0], rows[0], width, pixels);
    }

    /** Left, top, right and bottom cell above a limit; left beyond right if there is none. */
    private int[] extent(float[] logits, float limit) {
        int[] extent = {side, side, -1, -1};
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > limit) {
                extent[0] = Math.min(extent[0], i % side);
                extent[1] = Math.min(extent[1], i / side);
                extent[2] = Math.max(extent[2], i % side);
                extent[3] = Math.max(extent[3], i / side);
            }
        }
        return extent;
    }

    /** Resamples the rows that will be read, to the columns that are wanted. */
    private void widen(float[] logits, int[] columns, int[] rows) {
        int width = columns[1] - columns[0];
        int last = rows[1] > rows[0] ? down.first[rows[1] - 1] + TAPS : 0;
        for (int r = rows[1] > rows[0] ? down.first[rows[0]] : 0; r < last; r++) {
            for (int x = 0; x < width; x++) {
                int target = columns[0] + x;
                int from = r * side + across.first[target];
                wide[r * width + x] = across.weights[TAPS * target] * logits[from]
                        + across.weights[TAPS * target + 1] * logits[from + 1]
                        + across.weights[TAPS * target + 2] * logits[from + 2];
            }
        }
    }

    private static Mask tight(double quality, double stability, int left, int top, int width, BitSet pixels) {
        int x0 = Integer.MAX_VALUE;
        int x1 = -1;
        int y0 = Integer.MAX_VALUE;
        int y1 = -1;
        for (int i = pixels.nextSetBit(0); i >= 0; i = pixels.nextSetBit(i + 1)) {
            x0 = Math.min(x0, i % width);
            x1 = Math.max(x1, i % width);
            y0 = Math.min(y0, i / width);
            y1 = Math.max(y1, i / width);
        }
        if (x1 < 0) {
            return new Mask(Optional.empty(), quality, stability, 0, 0, 0, 0, new BitSet());
        }
        int w = x1 - x0 + 1;
        BitSet own = new BitSet(w * (y1 - y0 + 1));
        for (int i = pixels.nextSetBit(y0 * width); i >= 0; i = pixels.nextSetBit(i + 1)) {
            own.set((i / width - y0) * w + i % width - x0);
        }
        return new Mask(Optional.empty(), quality, stability, left + x0, top + y0, w, y1 - y0 + 1, own);
    }
}
