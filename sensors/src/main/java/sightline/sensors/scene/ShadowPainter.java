package sightline.sensors.scene;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Darkens the ground under and behind what moves: the shadow that the sun throws, and the soft dark where a body keeps
 * the sky off.
 */
final class ShadowPainter {
    private static final int[][] BONES = {
        {0, 1},
        {0, 2},
        {2, 4},
        {1, 3},
        {3, 5},
        {6, 8},
        {8, 10},
        {7, 9},
        {9, 11},
        {10, Body.TOE_LEFT},
        {11, Body.TOE_RIGHT},
        {Body.CHEST, Body.PELVIS},
        {13, 12}
    };
    private static final double[] THICK = {
        0.06, 0.034, 0.025, 0.034, 0.025, 0.05, 0.034, 0.05, 0.034, 0.024, 0.024, 0.09, 0.056
    };

    private final Eye eye;
    private final Canvas canvas;
    private final double[] at = new double[3];
    private int left;
    private int right;
    private int top;
    private int bottom;

    ShadowPainter(Eye eye, Canvas canvas) {
        this.eye = eye;
        this.canvas = canvas;
    }

    void person(PersonState person, Backdrop backdrop, Light light, boolean sunny) {
        Body body = Body.of(person);
        double h = body.height();
        if (sunny) {
            double se = light.east() / light.up();
            double sn = light.north() / light.up();
            for (int b = 0; b < BONES.length; b++) {
                int i = BONES[b][0];
                int j = BONES[b][1];
                stroke(
                        backdrop,
                        body.east(i) - se * body.up(i),
                        body.north(i) - sn * body.up(i),
                        body.east(j) - se * body.up(j),
                        body.north(j) - sn * body.up(j),
                        THICK[b] * h);
            }
        }
        begin();
        reach(person.east(), person.north(), 0.7);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                int i = y * canvas.width + x;
                if (backdrop.ground[i]) {
                    double d = Math.hypot(
                            backdrop.groundEast[i] - person.east(), backdrop.groundNorth[i] - person.north());
                    canvas.skyKept[i] = Math.max(canvas.skyKept[i], (float) (0.4 * Math.max(0, 1 - d / 0.6)));
                }
            }
        }
    }

    private void stroke(Backdrop backdrop, double e0, double n0, double e1, double n1, double radius) {
        begin();
        reach(e0, n0, radius + 0.1);
        reach(e1, n1, radius + 0.1);
        double de = e1 - e0;
        double dn = n1 - n0;
        double square = Math.max(1e-9, de * de + dn * dn);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                int i = y * canvas.width + x;
                if (!backdrop.ground[i]) {
                    continue;
                }
                double pe = backdrop.groundEast[i] - e0;
                double pn = backdrop.groundNorth[i] - n0;
                double t = Math.clamp((pe * de + pn * dn) / square, 0, 1);
                double d = Math.hypot(pe - t * de, pn - t * dn);
                double kept = Math.clamp((radius - d) / 0.07 + 0.5, 0, 1);
                canvas.sunKept[i] = Math.max(canvas.sunKept[i], (float) kept);
            }
        }
    }

    void vehicle(VehicleState vehicle, Backdrop backdrop, Light light, boolean sunny) {
        VehicleShape s = vehicle.shape();
        if (sunny) {
            double se = light.east() / light.up();
            double sn = light.north() / light.up();
            hull(backdrop, vehicle, -0.5 * s.length(), 0.5 * s.length(), s.width(), 0.1, s.deck(), se, sn);
            hull(
                    backdrop,
                    vehicle,
                    s.cabinFrom() + s.slope(),
                    s.cabinTo() - s.slope(),
                    0.9 * s.width(),
                    s.deck(),
                    s.height(),
                    se,
                    sn);
        }
        begin();
        reach(vehicle.east(), vehicle.north(), 0.5 * s.length() + 0.8);
        double cos = Math.cos(vehicle.heading());
        double sin = Math.sin(vehicle.heading());
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                int i = y * canvas.width + x;
                if (!backdrop.ground[i]) {
                    continue;
                }
                double e = backdrop.groundEast[i] - vehicle.east();
                double n = backdrop.groundNorth[i] - vehicle.north();
                double along = Math.max(0, Math.abs(e * cos + n * sin) - 0.5 * s.length() + 0.15);
                double across = Math.max(0, Math.abs(-e * sin + n * cos) - 0.5 * s.width() + 0.1);
                float kept = (float) (0.85 * Math.max(0, 1 - Math.hypot(along, across) / 0.5));
                canvas.skyKept[i] = Math.max(canvas.skyKept[i], kept);
                if (kept > 0.7f) {
                    canvas.sunKept[i] = 1;
                }
            }
        }
    }

    /** The shadow of a box: the convex hull of its eight corners' shadows. */
    private void hull(
            Backdrop backdrop,
            VehicleState v,
            double from,
            double to,
            double width,
            double low,
            double high,
            double se,
            double sn) {
        double cos = Math.cos(v.heading());
        double sin = Math.sin(v.heading());
        double[][] points = new double[8][];
        begin();
        for (int i = 0; i < 8; i++) {
            double along = (i & 1) == 0 ? from : to;
            double across = (i & 2) == 0 ? -0.5 * width : 0.5 * width;
            double up = (i & 4) == 0 ? low : high;
            points[i] = new double[] {
                v.east() + along * cos - across * sin - se * up, v.north() + along * sin + across * cos - sn * up
            };
            reach(points[i][0], points[i][1], 0.1);
        }
        double[][] hull = convex(points);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                int i = y * canvas.width + x;
                if (backdrop.ground[i]) {
                    double inside = inside(hull, backdrop.groundEast[i], backdrop.groundNorth[i]);
                    canvas.sunKept[i] = Math.max(canvas.sunKept[i], (float) Math.clamp(inside / 0.08 + 0.5, 0, 1));
                }
            }
        }
    }

    private static double inside(double[][] hull, double e, double n) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < hull.length; i++) {
            double[] p = hull[i];
            double[] q = hull[(i + 1) % hull.length];
            double de = q[0] - p[0];
            double dn = q[1] - p[1];
            double length = Math.max(1e-9, Math.sqrt(de * de + dn * dn));
            least = Math.min(least, (de * (n - p[1]) - dn * (e - p[0])) / length);
        }
        return least;
    }

    /** Andrew's monotone chain, counter-clockwise. */
    private static double[][] convex(double[][] points) {
        Arrays.sort(points, Comparator.<double[]>comparingDouble(p -> p[0]).thenComparingDouble(p -> p[1]));
        double[][] chain = new double[2 * points.length][];
        int n = 0;
        for (int pass = 0; pass < 2; pass++) {
            int start = n + 1;
            for (int i = 0; i < points.length; i++) {
                double[] p = points[pass == 0 ? i : points.length - 1 - i];
                while (n > start && turn(chain[n - 2], chain[n - 1], p) <= 0) {
                    n--;
                }
                chain[n++] = p;
            }
            n--;
        }
        return Arrays.copyOf(chain, n);
    }

    private static double turn(double[] a, double[] b, double[] c) {
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    }

    private void begin() {
        left = canvas.width;
        right = -1;
        top = canvas.height;
        bottom = -1;
    }

    /** Widens the region to look at by a disc on the ground. */
    private void reach(double e, double n, double radius) {
        for (int k = 0; k < 4; k++) {
            double de = (k & 1) == 0 ? -radius : radius;
            double dn = (k & 2) == 0 ? -radius : radius;
            if (eye.project(e + de, n + dn, 0, at)) {
                left = (int) Math.clamp(Math.floor(at[0]) - 1, 0, left);
                right = (int) Math.clamp(Math.ceil(at[0]) + 1, right, canvas.width - 1);
                top = (int) Math.clamp(Math.floor(at[1]) - 1, 0, top);
                bottom = (int) Math.clamp(Math.ceil(at[1]) + 1, bottom, canvas.height - 1);
            }
        }
    }
}
