package sightline.operators.depict;

import java.util.List;
import sightline.config.site.GroundPoint;

/** Even-odd rule. */
final class Polygon {
    private Polygon() {}

    static boolean contains(List<GroundPoint> outline, GroundPoint at) {
        boolean inside = false;
        for (int i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
            GroundPoint a = outline.get(i);
            GroundPoint b = outline.get(j);
            if ((a.north() > at.north()) != (b.north() > at.north())
                    && at.east()
                            < (b.east() - a.east()) * (at.north() - a.north()) / (b.north() - a.north()) + a.east()) {
                inside = !inside;
            }
        }
        return inside;
    }
}
