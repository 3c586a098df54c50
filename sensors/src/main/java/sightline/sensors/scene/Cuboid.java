package sightline.sensors.scene;

/**
 * A box on the ground, turned about the vertical.
 *
 * @param east of its middle, metres
 * @param north of its middle, metres
 * @param bottom metres above the ground
 * @param top metres above the ground
 * @param halfLength along its heading, metres
 * @param halfWidth across, metres
 * @param cos of the heading
 * @param sin of the heading
 * @param material what it is made of
 */
record Cuboid(
        double east,
        double north,
        double bottom,
        double top,
        double halfLength,
        double halfWidth,
        double cos,
        double sin,
        Material material)
        implements Solid {
    static Cuboid of(
            double east,
            double north,
            double bottom,
            double top,
            double length,
            double width,
            double turn,
            Material m) {
        return new Cuboid(east, north, bottom, top, length / 2, width / 2, Math.cos(turn), Math.sin(turn), m);
    }

    @Override
    public double hit(double[] ray, double[] normal) {
        double oe = ray[0] - east;
        double on = ray[1] - north;
        double ox = oe * cos + on * sin;
        double oy = -oe * sin + on * cos;
        double dx = ray[3] * cos + ray[4] * sin;
        double dy = -ray[3] * sin + ray[4] * cos;
        double near = 1e-6;
        double far = Double.POSITIVE_INFINITY;
        int axis = -1;
        double sign = 0;
        for (int a = 0; a < 3; a++) {
            double o = a == 0 ? ox : a == 1 ? oy : ray[2];
            double d = a == 0 ? dx : a == 1 ? dy : ray[5];
            double low = a == 0 ? -halfLength : a == 1 ? -halfWidth : bottom;
            double high = a == 0 ? halfLength : a == 1 ? halfWidth : top;
            if (Math.abs(d) < 1e-12) {
                if (o < low || o > high) {
                    return Double.POSITIVE_INFINITY;
                }
                continue;
            }
            double t0 = (low - o) / d;
            double t1 = (high - o) / d;
            double enter = Math.min(t0, t1);
            if (enter > near) {
                near = enter;
                axis = a;
                sign = d > 0 ? -1 : 1;
            }
            far = Math.min(far, Math.max(t0, t1));
            if (near > far) {
                return Double.POSITIVE_INFINITY;
            }
        }
        if (axis < 0) {
            return Double.POSITIVE_INFINITY;
        }
        normal[0] = axis == 0 ? sign * cos : axis == 1 ? -sign * sin : 0;
        normal[1] = axis == 0 ? sign * sin : axis == 1 ? sign * cos : 0;
        normal[2] = axis == 2 ? sign : 0;
        return near;
    }

    @Override
    public double[] bounds() {
        double half = 0.5 * (top - bottom);
        return new double[] {
            east, north, bottom + half, Math.sqrt(halfLength * halfLength + halfWidth * halfWidth + half * half)
        };
    }
}
