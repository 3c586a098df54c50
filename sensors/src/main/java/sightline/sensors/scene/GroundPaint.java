package sightline.sensors.scene;

import java.util.List;

/** Marks as the ray caster needs them: how much of which paint lies at a place. */
final class GroundPaint {
    private final List<GroundMark> marks;
    /** East, north and radius of a circle around each mark. */
    private final double[][] circles;

    GroundPaint(List<GroundMark> marks) {
        this.marks = marks;
        this.circles = marks.stream().map(GroundPaint::circle).toArray(double[][]::new);
    }

    private static double[] circle(GroundMark mark) {
        double east = mark.points().stream().mapToDouble(p -> p[0]).average().orElseThrow();
        double north = mark.points().stream().mapToDouble(p -> p[1]).average().orElseThrow();
        double radius = mark.points().stream()
                .mapToDouble(p -> Math.hypot(p[0] - east, p[1] - north))
                .max()
                .orElseThrow();
        return new double[] {east, north, radius + mark.width()};
    }

    /**
     * Lays the marks over a colour.
     *
     * @param blur width of a pixel on the ground, metres: edges are that soft
     * @param colour reflectance, changed
     */
    void over(double east, double north, double blur, float[] colour) {
        for (int i = 0; i < circles.length; i++) {
            if (Math.hypot(east - circles[i][0], north - circles[i][1]) < circles[i][2] + blur) {
                lay(marks.get(i), east, north, blur, colour);
            }
        }
    }

    private static void lay(GroundMark mark, double east, double north, double blur, float[] colour) {
        List<double[]> points = mark.points();
        int n = points.size();
        double nearest = Double.POSITIVE_INFINITY;
        boolean inside = false;
        for (int i = mark.closed() ? 0 : 1; i < n; i++) {
            double[] a = points.get((i + n - 1) % n);
            double[] b = points.get(i);
            nearest = Math.min(nearest, distance(east, north, a, b));
            if ((a[1] > north) != (b[1] > north) && east < (b[0] - a[0]) * (north - a[1]) / (b[1] - a[1]) + a[0]) {
                inside = !inside;
            }
        }
        double line = Math.clamp((mark.width() / 2 - nearest) / Math.max(1e-3, blur) + 0.5, 0, 1);
        double cover = Math.max(line, mark.closed() && inside ? mark.tint() : 0);
        colour[0] += (float) (cover * (Tone.red(mark.colour()) - colour[0]));
        colour[1] += (float) (cover * (Tone.green(mark.colour()) - colour[1]));
        colour[2] += (float) (cover * (Tone.blue(mark.colour()) - colour[2]));
    }

    private static double distance(double east, double north, double[] a, double[] b) {
        double de = b[0] - a[0];
        double dn = b[1] - a[1];
        double length = de * de + dn * dn;
        double t = length == 0 ? 0 : Math.clamp(((east - a[0]) * de + (north - a[1]) * dn) / length, 0, 1);
        return Math.hypot(east - a[0] - t * de, north - a[1] - t * dn);
    }
}
