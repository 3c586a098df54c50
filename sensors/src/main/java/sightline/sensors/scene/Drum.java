package sightline.sensors.scene;

/**
 * An upright cylinder with a lid.
 *
 * @param east of its axis, metres
 * @param north of its axis, metres
 * @param radius metres
 * @param bottom metres above the ground
 * @param top metres above the ground
 * @param material what it is made of
 */
record Drum(double east, double north, double radius, double bottom, double top, Material material) implements Solid {
    @Override
    public double hit(double[] ray, double[] normal) {
        double oe = ray[0] - east;
        double on = ray[1] - north;
        double a = ray[3] * ray[3] + ray[4] * ray[4];
        double b = oe * ray[3] + on * ray[4];
        double c = oe * oe + on * on - radius * radius;
        double best = Double.POSITIVE_INFINITY;
        double square = b * b - a * c;
        if (a > 1e-12 && square > 0) {
            double t = (-b - Math.sqrt(square)) / a;
            double up = ray[2] + t * ray[5];
            if (t > 1e-6 && up >= bottom && up <= top) {
                best = t;
                normal[0] = (oe + t * ray[3]) / radius;
                normal[1] = (on + t * ray[4]) / radius;
                normal[2] = 0;
            }
        }
        if (ray[5] < -1e-9) {
            double t = (top - ray[2]) / ray[5];
            double e = oe + t * ray[3];
            double n = on + t * ray[4];
            if (t > 1e-6 && t < best && e * e + n * n <= radius * radius) {
                best = t;
                normal[0] = 0;
                normal[1] = 0;
                normal[2] = 1;
            }
        }
        return best;
    }

    @Override
    public double[] bounds() {
        double half = 0.5 * (top - bottom);
        return new double[] {east, north, bottom + half, Math.sqrt(radius * radius + half * half)};
    }
}
