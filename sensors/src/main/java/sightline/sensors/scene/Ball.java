package sightline.sensors.scene;

/**
 * A sphere: crowns of trees and bushes, lamp heads.
 *
 * @param east of its middle, metres
 * @param north of its middle, metres
 * @param up of its middle, metres
 * @param radius metres
 * @param material what it is made of
 */
record Ball(double east, double north, double up, double radius, Material material) implements Solid {
    @Override
    public double hit(double[] ray, double[] normal) {
        double oe = ray[0] - east;
        double on = ray[1] - north;
        double ou = ray[2] - up;
        double b = oe * ray[3] + on * ray[4] + ou * ray[5];
        double c = oe * oe + on * on + ou * ou - radius * radius;
        double square = b * b - c;
        if (square <= 0) {
            return Double.POSITIVE_INFINITY;
        }
        double t = -b - Math.sqrt(square);
        if (t <= 1e-6) {
            return Double.POSITIVE_INFINITY;
        }
        normal[0] = (oe + t * ray[3]) / radius;
        normal[1] = (on + t * ray[4]) / radius;
        normal[2] = (ou + t * ray[5]) / radius;
        return t;
    }

    @Override
    public double[] bounds() {
        return new double[] {east, north, up, radius};
    }
}
