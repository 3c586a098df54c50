package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.sensors.geometry.FootPoint;

/**
 * Connected things of a label map: what makes official Cityscapes weights alone detect people and vehicles. People who
 * touch in the picture become one instance; a detector does better where there is one.
 */
final class Instances {
    /** Cityscapes train ids of things that a detector also knows. A rider counts as a person. */
    private static final Map<Integer, ObjectClass> THINGS = Map.of(
            11, ObjectClass.PERSON,
            12, ObjectClass.PERSON,
            13, ObjectClass.CAR,
            14, ObjectClass.TRUCK,
            15, ObjectClass.BUS,
            17, ObjectClass.MOTORCYCLE,
            18, ObjectClass.BICYCLE);

    private Instances() {}

    /**
     * @param labels row-major, {@code width * height}
     * @param smallest cells that an instance must have
     * @param scaleX original pixels a cell
     * @param scaleY original pixels a cell
     * @return in falling order of area; the score is the share of its box that an instance fills
     */
    static List<Detection> of(
            byte[] labels, int width, int height, int smallest, double scaleX, double scaleY, int pictureHeight) {
        boolean[] seen = new boolean[labels.length];
        int[] stack = new int[labels.length];
        Map<ObjectClass, List<int[]>> found = new EnumMap<>(ObjectClass.class);
        for (int i = 0; i < labels.length; i++) {
            ObjectClass thing = THINGS.get((int) labels[i]);
            if (thing != null && !seen[i]) {
                int[] extent = flood(labels, width, height, i, thing, seen, stack);
                if (extent[4] >= smallest) {
                    found.computeIfAbsent(thing, t -> new ArrayList<>()).add(extent);
                }
            }
        }
        List<Detection> detections = new ArrayList<>();
        found.forEach((label, extents) -> extents.forEach(e -> {
            Box box = new Box(e[0] * scaleX, e[1] * scaleY, (e[2] - e[0] + 1) * scaleX, (e[3] - e[1] + 1) * scaleY);
            double filled = e[4] / (double) ((e[2] - e[0] + 1) * (e[3] - e[1] + 1));
            detections.add(new Detection(label, filled, box, FootPoint.of(label, box, pictureHeight)));
        }));
        detections.sort(Comparator.comparingDouble((Detection d) -> -d.box().area()));
        return detections;
    }

    /** Left, top, right, bottom and area of the 8-connected thing at a cell. */
    private static int[] flood(
            byte[] labels, int width, int height, int start, ObjectClass thing, boolean[] seen, int[] stack) {
        int[] extent = {width, height, 0, 0, 0};
        int top = 0;
        stack[top++] = start;
        seen[start] = true;
        while (top > 0) {
            int at = stack[--top];
            int x = at % width;
            int y = at / width;
            extent[0] = Math.min(extent[0], x);
            extent[1] = Math.min(extent[1], y);
            extent[2] = Math.max(extent[2], x);
            extent[3] = Math.max(extent[3], y);
            extent[4]++;
            for (int v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
                for (int u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
                    int next = v * width + u;
                    if (!seen[next] && THINGS.get((int) labels[next]) == thing) {
                        seen[next] = true;
                        stack[top++] = next;
                    }
                }
            }
        }
        return extent;
    }
}
