package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Local maxima of heat maps: a pixel that is the largest of its 5x5 neighbourhood, the best K of a joint. */
final class Peaks {
    private static final int REACH = 2;
    static final int BEST = 30;

    private Peaks() {}

    /** In falling order of value, equal ones row by row; only values above the threshold, which is all that grouping looks at. */
    static List<Peak> of(Maps heat, List<Tags> tags, int joint, float threshold) {
        Comparator<Peak> worst = Comparator.comparingDouble(Peak::value)
                .thenComparing(Comparator.comparingInt((Peak p) -> p.y() * heat.width + p.x())
                        .reversed());
        PriorityQueue<Peak> best = new PriorityQueue<>(BEST + 1, worst);
        float[] values = heat.values;
        for (int y = 0; y < heat.height; y++) {
            int row = (joint * heat.height + y) * heat.width;
            for (int x = 0; x < heat.width; x++) {
                float value = values[row + x];
                boolean stands = value > threshold
                        && (best.size() < BEST || value > best.element().value());
                if (stands && isLargest(heat, joint, y, x, value)) {
                    best.add(new Peak(
                            x,
                            y,
                            value,
                            Tags.at(tags, joint, y, x),
                            heat.nudgeAcross(joint, y, x),
                            heat.nudgeDown(joint, y, x)));
                    if (best.size() > BEST) {
                        best.poll();
                    }
                }
            }
        }
        List<Peak> peaks = new ArrayList<>(best);
        peaks.sort(worst.reversed());
        return peaks;
    }

    private static boolean isLargest(Maps heat, int joint, int y, int x, float value) {
        for (int v = Math.max(0, y - REACH); v <= Math.min(heat.height - 1, y + REACH); v++) {
            for (int u = Math.max(0, x - REACH); u <= Math.min(heat.width - 1, x + REACH); u++) {
                if (heat.at(joint, v, u) > value) {
                    return false;
                }
            }
        }
        return true;
    }
}
