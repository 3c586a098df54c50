package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;

/** A smooth curve over the ground, addressed by the metres walked along it. */
final class Path {
    private static final double SPACING = 0.2;
    private static final double CLEARANCE = 0.45;
    private static final int SMOOTHING = 5;
    private static final double GLANCE = 0.3;

    private final double[] east;
    private final double[] north;
    private final double spacing;
    private final boolean loop;
    private final double[] waypointAt;

    private Path(double[] east, double[] north, double spacing, boolean loop, double[] waypointAt) {
        this.east = east;
        this.north = north;
        this.spacing = spacing;
        this.loop = loop;
        this.waypointAt = waypointAt;
    }

    /**
     * Lays the curve through waypoints and around obstacles.
     *
     * @param waypoints east and north, metres
     * @param loop whether the last leads to the first
     * @param obstacles to go around
     */
    static Path through(List<double[]> waypoints, boolean loop, List<Obstacle> obstacles) {
        List<double[]> curve = new ArrayList<>();
        int n = waypoints.size();
        int segments = loop ? n : n - 1;
        int[] indices = new int[segments + 1];
        for (int s = 0; s < segments; s++) {
            indices[s] = curve.size();
            double[] a = waypoints.get(loop ? Math.floorMod(s - 1, n) : Math.max(0, s - 1));
            double[] b = waypoints.get(s);
            double[] c = waypoints.get((s + 1) % n);
            double[] d = waypoints.get(loop ? (s + 2) % n : Math.min(n - 1, s + 2));
            int steps = Math.max(2, (int) Math.ceil(Math.hypot(c[0] - b[0], c[1] - b[1]) / SPACING));
            for (int i = 0; i < steps; i++) {
                double f = (double) i / steps;
                curve.add(new double[] {hermite(a[0], b[0], c[0], d[0], f), hermite(a[1], b[1], c[1], d[1], f)});
            }
        }
        indices[segments] = curve.size();
        curve.add(loop ? curve.getFirst().clone() : waypoints.getLast().clone());
        around(curve, obstacles);
        return even(smooth(curve, loop), loop, indices);
    }

    private static double hermite(double a, double b, double c, double d, double f) {
        double m0 = 0.35 * (c - a);
        double m1 = 0.35 * (d - b);
        double f2 = f * f;
        double f3 = f2 * f;
        return (2 * f3 - 3 * f2 + 1) * b + (f3 - 2 * f2 + f) * m0 + (-2 * f3 + 3 * f2) * c + (f3 - f2) * m1;
    }

    private static void around(List<double[]> curve, List<Obstacle> obstacles) {
        for (double[] p : curve) {
            for (Obstacle o : obstacles) {
                double reach = o.radius() + CLEARANCE;
                double e = p[0] - o.east();
                double n = p[1] - o.north();
                double distance = Math.hypot(e, n);
                if (distance < reach) {
                    double scale = reach / Math.max(distance, 1e-6);
                    p[0] = o.east() + e * scale;
                    p[1] = o.north() + n * scale;
                }
            }
        }
    }

    private static List<double[]> smooth(List<double[]> curve, boolean loop) {
        int n = curve.size() - 1;
        List<double[]> out = new ArrayList<>(curve.size());
        for (int i = 0; i <= n; i++) {
            double e = 0;
            double m = 0;
            int reach = loop ? SMOOTHING : Math.min(SMOOTHING, Math.min(i, n - i));
            for (int j = -reach; j <= reach; j++) {
                double[] p = curve.get(loop ? Math.floorMod(i + j, n) : i + j);
                e += p[0];
                m += p[1];
            }
            out.add(new double[] {e / (2 * reach + 1), m / (2 * reach + 1)});
        }
        return out;
    }

    /** Samples it again at even distances. */
    private static Path even(List<double[]> curve, boolean loop, int[] indices) {
        double[] along = new double[curve.size()];
        for (int i = 1; i < along.length; i++) {
            along[i] = along[i - 1]
                    + Math.hypot(curve.get(i)[0] - curve.get(i - 1)[0], curve.get(i)[1] - curve.get(i - 1)[1]);
        }
        double total = along[along.length - 1];
        int n = Math.max(2, (int) Math.round(total / SPACING));
        double[] east = new double[n + 1];
        double[] north = new double[n + 1];
        int at = 0;
        for (int i = 0; i <= n; i++) {
            double s = total * i / n;
            while (at < along.length - 2 && along[at + 1] < s) {
                at++;
            }
            double f = Math.clamp((s - along[at]) / Math.max(1e-9, along[at + 1] - along[at]), 0, 1);
            east[i] = curve.get(at)[0] + f * (curve.get(at + 1)[0] - curve.get(at)[0]);
            north[i] = curve.get(at)[1] + f * (curve.get(at + 1)[1] - curve.get(at)[1]);
        }
        double[] waypointAt = new double[indices.length];
        for (int i = 0; i < indices.length; i++) {
            waypointAt[i] = along[indices[i]];
        }
        return new Path(east, north, total / n, loop, waypointAt);
    }

    double length() {
        return spacing * (east.length - 1);
    }

    /** Metres walked when that waypoint is reached. */
    double waypoint(int index) {
        return waypointAt[index];
    }

    double east(double walked) {
        return at(east, walked);
    }

    double north(double walked) {
        return at(north, walked);
    }

    /** Direction of the way there, radians counter-clockwise from east. */
    double heading(double walked) {
        double from = loop ? walked - GLANCE : Math.clamp(walked - GLANCE, 0, length() - 2 * GLANCE);
        return Math.atan2(north(from + 2 * GLANCE) - north(from), east(from + 2 * GLANCE) - east(from));
    }

    private double at(double[] table, double walked) {
        int n = table.length - 1;
        double x = walked / spacing;
        x = loop ? x - Math.floor(x / n) * n : Math.clamp(x, 0, n);
        int i = Math.min((int) x, n - 1);
        return Curve.through(
                table[loop ? Math.floorMod(i - 1, n) : Math.max(0, i - 1)],
                table[i],
                table[i + 1],
                table[loop ? (i + 2) % n : Math.min(n, i + 2)],
                x - i);
    }
}
