package sightline.operators.litepose;

/**
 * Enlarges maps: bilinear, half-pixel centres, edge replicated. Rows are stretched once and then blended, which the
 * compiler turns into vector instructions; each value is what the formula gives for its point alone.
 *
 * <p>Threading: one thread at a time.
 */
final class Bilinear {
    private final int fromWidth;
    private final int toWidth;
    private final Axis down;
    private final Axis across;
    private float[] upper;
    private float[] lower;

    /** For each target sample its two neighbours, and how much of the second. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Axis(int[] first, int[] second, float[] share) {
        static Axis of(int from, int to) {
            Axis axis = new Axis(new int[to], new int[to], new float[to]);
            for (int i = 0; i < to; i++) {
                float at = Math.max(0, (i + 0.5f) * from / to - 0.5f);
                axis.first[i] = Math.min((int) at, from - 1);
                axis.second[i] = Math.min(axis.first[i] + 1, from - 1);
                axis.share[i] = at - axis.first[i];
            }
            return axis;
        }
    }

    Bilinear(int fromHeight, int fromWidth, int toHeight, int toWidth) {
        this.fromWidth = fromWidth;
        this.toWidth = toWidth;
        this.down = Axis.of(fromHeight, toHeight);
        this.across = Axis.of(fromWidth, toWidth);
        this.upper = new float[toWidth];
        this.lower = new float[toWidth];
    }

    /** One map, from its offset in one array to its offset in another. */
    void resize(float[] source, int from, float[] target, int to) {
        int above = -1;
        int below = -1;
        for (int y = 0; y < down.first.length; y++) {
            if (down.first[y] == below) {
                float[] freed = upper;
                upper = lower;
                lower = freed;
                below = -1;
            } else if (down.first[y] != above) {
                stretch(source, from + down.first[y] * fromWidth, upper);
            }
            above = down.first[y];
            if (down.second[y] != below) {
                below = down.second[y];
                stretch(source, from + below * fromWidth, lower);
            }
            blend(down.share[y], target, to + y * toWidth);
        }
    }

    private void stretch(float[] source, int row, float[] out) {
        for (int x = 0; x < out.length; x++) {
            float share = across.share[x];
            out[x] = source[row + across.first[x]] * (1 - share) + source[row + across.second[x]] * share;
        }
    }

    private void blend(float share, float[] target, int row) {
        float[] top = upper;
        float[] bottom = lower;
        for (int x = 0; x < top.length; x++) {
            target[row + x] = top[x] * (1 - share) + bottom[x] * share;
        }
    }

    /** What {@link #resize} would put at one point. */
    float at(float[] source, int from, int y, int x) {
        int top = from + down.first[y] * fromWidth;
        int bottom = from + down.second[y] * fromWidth;
        int left = across.first[x];
        int right = across.second[x];
        float share = across.share[x];
        float above = source[top + left] * (1 - share) + source[top + right] * share;
        float below = source[bottom + left] * (1 - share) + source[bottom + right] * share;
        return above * (1 - down.share[y]) + below * down.share[y];
    }
}
