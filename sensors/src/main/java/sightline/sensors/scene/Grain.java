package sightline.sensors.scene;

/** Repeatable noise over the plane, for textures. */
final class Grain {
    private Grain() {}

    /** White noise of a cell, 0..1. */
    static double cell(int x, int y, int layer) {
        int h = x * 0x27d4eb2d ^ y * 0x165667b1 ^ layer * 0x9e3779b1;
        h ^= h >>> 15;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        h ^= h >>> 16;
        return (h >>> 8) / (double) (1 << 24);
    }

    /** Smooth noise with features of one unit, 0..1. */
    static double smooth(double x, double y, int layer) {
        int x0 = (int) Math.floor(x);
        int y0 = (int) Math.floor(y);
        double fx = x - x0;
        double fy = y - y0;
        fx = fx * fx * (3 - 2 * fx);
        fy = fy * fy * (3 - 2 * fy);
        double a = cell(x0, y0, layer) * (1 - fx) + cell(x0 + 1, y0, layer) * fx;
        double b = cell(x0, y0 + 1, layer) * (1 - fx) + cell(x0 + 1, y0 + 1, layer) * fx;
        return a * (1 - fy) + b * fy;
    }
}
