package sightline.operators.litepose;

import java.util.Arrays;

/**
 * Looks for a person's missing joint: the place where heat less the rounded distance of the tags is highest, the first of
 * equals. No place is worth more than its heat, so of a map that knows the largest heat of each run of places most need not
 * be looked at; a crowd of people in noise would take as many walks through the whole map as it misses joints.
 *
 * <p>Threading: none; reused from frame to frame by one decoder.
 */
final class Summits {
    private static final int RUN = 64;

    private final Maps heat;
    private final float[][] largest;
    private final boolean[] ready;

    Summits(Maps heat) {
        this.heat = heat;
        this.largest = new float[heat.count][Math.ceilDiv(heat.plane(), RUN)];
        this.ready = new boolean[heat.count];
    }

    /** The heat is another one now. */
    void forget() {
        Arrays.fill(ready, false);
    }

    /**
     * @param first tags of each place
     * @param second tags of the mirrored picture, where {@code tag} has two
     * @return the place, row-major
     */
    int best(int joint, float[] first, float[] second, double[] tag) {
        float[] runs = runs(joint);
        int plane = heat.plane();
        int best = 0;
        double bestValue = Double.NEGATIVE_INFINITY;
        for (int run = 0; run < runs.length; run++) {
            if (runs[run] <= bestValue) {
                continue;
            }
            int end = Math.min(plane, (run + 1) * RUN);
            for (int i = run * RUN; i < end; i++) {
                double distance = tag.length == 1
                        ? Math.abs(first[i] - tag[0])
                        : Math.hypot(first[i] - tag[0], second[i] - tag[1]);
                double value = heat.values[joint * plane + i] - Math.rint(distance);
                if (value > bestValue) {
                    bestValue = value;
                    best = i;
                }
            }
        }
        return best;
    }

    private float[] runs(int joint) {
        float[] runs = largest[joint];
        if (!ready[joint]) {
            ready[joint] = true;
            Arrays.fill(runs, Float.NEGATIVE_INFINITY);
            int plane = heat.plane();
            for (int i = 0; i < plane; i++) {
                float value = heat.values[joint * plane + i];
                if (value > runs[i / RUN]) {
                    runs[i / RUN] = value;
                }
            }
        }
        return runs;
    }
}
