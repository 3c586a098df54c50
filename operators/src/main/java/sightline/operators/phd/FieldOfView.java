package sightline.operators.phd;

/** Where a sensor can see. Implementations are immutable and thread-safe. */
@FunctionalInterface
public interface FieldOfView {
    FieldOfView EVERYWHERE = (east, north) -> true;

    boolean sees(double east, double north);

    static FieldOfView disc(double east, double north, double range) {
        return (x, y) -> (x - east) * (x - east) + (y - north) * (y - north) < range * range;
    }

    static FieldOfView rectangle(double west, double south, double east, double north) {
        return (x, y) -> x >= west && x <= east && y >= south && y <= north;
    }

    /** A sector of a disc around {@code direction} with a half angle. */
    static FieldOfView sector(double east, double north, double range, double direction, double halfAngle) {
        FieldOfView disc = disc(east, north, range);
        return (x, y) -> disc.sees(x, y)
                && Math.abs(Angles.wrap(StrictMath.atan2(y - north, x - east) - direction)) <= halfAngle;
    }

    /** A simple polygon, corners as east, north pairs in order. */
    static FieldOfView polygon(double... corners) {
        double[] p = corners.clone();
        return (x, y) -> {
            boolean inside = false;
            for (int i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
                if (p[i + 1] > y != p[j + 1] > y && x < (p[j] - p[i]) * (y - p[i + 1]) / (p[j + 1] - p[i + 1]) + p[i]) {
                    inside = !inside;
                }
            }
            return inside;
        };
    }
}
