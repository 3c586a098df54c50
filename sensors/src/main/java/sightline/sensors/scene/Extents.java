package sightline.sensors.scene;

import java.util.List;

/**
 * Which solids a stretch of a picture's row may show, judged by the cones in which their bounding spheres appear. Keeps
 * the cost of a ray at the few things near it.
 */
final class Extents {
    /** Pixels of a row that are judged together. */
    static final int TILE = 16;

    private final Eye eye;
    private final List<Solid> solids;
    private final double[][] axes;
    private final double[] angles;
    private final double[] first = new double[6];
    private final double[] last = new double[6];

    Extents(Eye eye, List<Solid> solids) {
        this.eye = eye;
        this.solids = solids;
        axes = new double[solids.size()][];
        angles = new double[solids.size()];
        for (int i = 0; i < axes.length; i++) {
            double[] b = solids.get(i).bounds();
            double e = b[0] - eye.east;
            double n = b[1] - eye.north;
            double u = b[2] - eye.up;
            double distance = Math.sqrt(e * e + n * n + u * u);
            axes[i] = new double[] {e / distance, n / distance, u / distance};
            angles[i] = distance <= b[3] ? Math.PI : Math.asin(b[3] / distance);
        }
    }

    /** Fills in the solids that the tile beginning at a pixel may show, and returns how many. */
    int at(int x, int y, Solid[] out) {
        eye.ray(x - 1, y + 0.5, first);
        eye.ray(x + TILE + 1, y + 0.5, last);
        double e = first[3] + last[3];
        double n = first[4] + last[4];
        double u = first[5] + last[5];
        double length = Math.sqrt(e * e + n * n + u * u);
        double spread =
                Math.acos(Math.clamp((first[3] * e + first[4] * n + first[5] * u) / length, -1, 1)) + 2 / eye.focal;
        int count = 0;
        for (int i = 0; i < axes.length; i++) {
            double cos = (axes[i][0] * e + axes[i][1] * n + axes[i][2] * u) / length;
            double reach = spread + angles[i];
            if (reach >= Math.PI || cos >= Math.cos(reach)) {
                out[count++] = solids.get(i);
            }
        }
        return count;
    }
}
