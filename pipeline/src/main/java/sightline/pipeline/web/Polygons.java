package sightline.pipeline.web;

import java.util.List;
import sightline.config.site.GroundPoint;

/** What a drawn polygon must be before it may become a zone: simple, with an area, counter-clockwise. */
final class Polygons {
    private static final double SMALLEST_AREA = 0.01;

    private Polygons() {}

    /** The same corners, counter-clockwise; fails if the outline crosses itself or encloses nothing. */
    static List<GroundPoint> counterClockwise(List<GroundPoint> outline) {
        double twice = 0;
        int n = outline.size();
        for (int i = 0; i < n; i++) {
            GroundPoint a = outline.get(i);
            GroundPoint b = outline.get((i + 1) % n);
            if (!Double.isFinite(a.east()) || !Double.isFinite(a.north())) {
                throw new IllegalArgumentException("a corner of the zone is not a place");
            }
            twice += a.east() * b.north() - b.east() * a.north();
        }
        if (Math.abs(twice) < 2 * SMALLEST_AREA) {
            throw new IllegalArgumentException("the zone encloses no area");
        }
        for (int i = 0; i < n; i++) {
            for (int j = i + 2; j < n; j++) {
                if ((j + 1) % n != i
                        && cross(outline.get(i), outline.get((i + 1) % n), outline.get(j), outline.get((j + 1) % n))) {
                    throw new IllegalArgumentException("the zone's outline crosses itself");
                }
            }
        }
        return twice > 0 ? outline : outline.reversed();
    }

    private static boolean cross(GroundPoint a, GroundPoint b, GroundPoint c, GroundPoint d) {
        return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
    }

    private static double side(GroundPoint a, GroundPoint b, GroundPoint p) {
        return Math.signum(
                (b.east() - a.east()) * (p.north() - a.north()) - (b.north() - a.north()) * (p.east() - a.east()));
    }
}
