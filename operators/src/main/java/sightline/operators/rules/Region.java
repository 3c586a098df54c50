package sightline.operators.rules;

import java.util.ArrayList;
import java.util.List;
import sightline.config.site.GroundPoint;

/**
 * A polygon on the ground, and how credible it is that a Gaussian position lies in it.
 *
 * <p>The position's possibility function is {@code exp(-d²/2)} with {@code d} the Mahalanobis distance from the mean, so
 * the possibility of a set is that of its nearest point. Whitening the plane with the covariance's Cholesky factor makes
 * {@code d} a Euclidean distance to the polygon's edges: with the mean inside, the alpha-cut at {@code exp(-d²/2)} is the
 * largest that fits, the possibility is 1 and the necessity {@code 1 - exp(-d²/2)}; with the mean outside, the possibility
 * is {@code exp(-d²/2)} and the necessity 0. Exact for any simple polygon.
 */
final class Region {
    /** Variances below this (a centimetre squared) are taken as this, so that a certain position is no division by 0. */
    private static final double LEAST_VARIANCE = 1e-4;

    private final double[] east;
    private final double[] north;

    Region(List<GroundPoint> outline) {
        east = outline.stream().mapToDouble(GroundPoint::east).toArray();
        north = outline.stream().mapToDouble(GroundPoint::north).toArray();
    }

    /** A disc, as the regular polygon with 48 corners whose area is the disc's. */
    static Region disc(double east, double north, double radius) {
        int corners = 48;
        double step = 2 * Math.PI / corners;
        double reach = radius * Math.sqrt(step / Math.sin(step));
        List<GroundPoint> outline = new ArrayList<>(corners);
        for (int i = 0; i < corners; i++) {
            outline.add(new GroundPoint(east + reach * Math.cos(i * step), north + reach * Math.sin(i * step)));
        }
        return new Region(outline);
    }

    /**
     * How credible it is that the position lies inside.
     *
     * @param e mean east
     * @param n mean north
     * @param ee variance of east
     * @param en covariance
     * @param nn variance of north
     */
    Credence holds(double e, double n, double ee, double en, double nn) {
        double a = Math.sqrt(Math.max(ee, LEAST_VARIANCE));
        double b = en / a;
        double c = Math.sqrt(Math.max(nn - b * b, LEAST_VARIANCE));
        double nearest = Double.POSITIVE_INFINITY;
        int count = east.length;
        for (int i = 0, j = count - 1; i < count; j = i++) {
            double x0 = (east[j] - e) / a;
            double y0 = (north[j] - n - b * x0) / c;
            double x1 = (east[i] - e) / a;
            double y1 = (north[i] - n - b * x1) / c;
            nearest = Math.min(nearest, squaredDistanceToOrigin(x0, y0, x1, y1));
        }
        double beyond = Math.exp(-0.5 * nearest);
        return contains(e, n) ? new Credence(1, 1 - beyond) : new Credence(beyond, 0);
    }

    private static double squaredDistanceToOrigin(double x0, double y0, double x1, double y1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = dx * dx + dy * dy;
        double f = length == 0 ? 0 : Math.clamp(-(x0 * dx + y0 * dy) / length, 0, 1);
        double x = x0 + f * dx;
        double y = y0 + f * dy;
        return x * x + y * y;
    }

    boolean contains(double e, double n) {
        boolean inside = false;
        for (int i = 0, j = east.length - 1; i < east.length; j = i++) {
            if (north[i] > n != north[j] > n
                    && e < (east[j] - east[i]) * (n - north[i]) / (north[j] - north[i]) + east[i]) {
                inside = !inside;
            }
        }
        return inside;
    }
}
