package sightline.kernels.train;

/**
 * What the moments of a run in float32 would lose if they were kept as {@link CoatAdamW} keeps them, told from one look at
 * an {@link AdamW}'s state.
 *
 * @param first of the running mean of gradients
 * @param second of the running mean of their squares
 * @param update relative L2 distance of mean / (root of squares + 1e-8) over all values: what the weights would feel
 */
public record MomentLoss(Distortion first, Distortion second, double update) {
    private static final float EPSILON = 1e-8f;

    /**
     * Over the values that are not zero.
     *
     * @param relative root mean square of (kept - exact) / exact
     * @param vanished share that is kept as zero
     */
    public record Distortion(double relative, double vanished) {}

    /** Looks at the moments that {@link AdamW#state} gave; {@code expand} as in {@link CoatAdamW}. */
    public static MomentLoss of(OptimizerState state, boolean expand) {
        state.expect(AdamW.KIND);
        var first = new Sum();
        var second = new Sum();
        double square = 0;
        double distance = 0;
        for (String name : state.floats().keySet()) {
            if (!name.startsWith("m/")) {
                continue;
            }
            float[] m = state.floats().get(name);
            float[] v = state.floats().get("v/" + name.substring(2));
            float[] keptM = kept(m, expand);
            float[] keptV = kept(v, expand);
            first.add(m, keptM);
            second.add(v, keptV);
            for (int i = 0; i < m.length; i++) {
                double exact = m[i] / (Math.sqrt(v[i]) + EPSILON);
                double coarse = keptM[i] / (Math.sqrt(keptV[i]) + EPSILON);
                square += exact * exact;
                distance += (coarse - exact) * (coarse - exact);
            }
        }
        return new MomentLoss(first.distortion(), second.distortion(), Math.sqrt(distance / square));
    }

    private static float[] kept(float[] x, boolean expand) {
        var groups = new ExpandedGroups(x.length, expand);
        float[] group = new float[ExpandedGroups.GROUP];
        float[] back = new float[x.length];
        for (int g = 0; g < groups.groups(); g++) {
            int from = g * ExpandedGroups.GROUP;
            int n = Math.min(ExpandedGroups.GROUP, x.length - from);
            System.arraycopy(x, from, group, 0, n);
            groups.write(g, group);
            groups.read(g, group);
            System.arraycopy(group, 0, back, from, n);
        }
        return back;
    }

    private static final class Sum {
        private double squares;
        private long values;
        private long vanished;

        void add(float[] exact, float[] kept) {
            for (int i = 0; i < exact.length; i++) {
                if (exact[i] != 0) {
                    double relative = ((double) kept[i] - exact[i]) / exact[i];
                    squares += relative * relative;
                    values++;
                    vanished += kept[i] == 0 ? 1 : 0;
                }
            }
        }

        Distortion distortion() {
            return new Distortion(Math.sqrt(squares / values), (double) vanished / values);
        }
    }
}
