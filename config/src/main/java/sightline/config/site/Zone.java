package sightline.config.site;

import java.util.List;

/**
 * A polygon on the ground.
 *
 * @param name configured id
 * @param outline at least three corners, counter-clockwise, not closed
 */
public record Zone(String name, List<GroundPoint> outline) {
    public Zone {
        outline = List.copyOf(outline);
        if (outline.size() < 3) {
            throw new IllegalArgumentException("zone " + name + " has " + outline.size() + " corners, needs 3");
        }
    }

    /** Whether a point is inside, by the even-odd rule. */
    public boolean contains(GroundPoint at) {
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
