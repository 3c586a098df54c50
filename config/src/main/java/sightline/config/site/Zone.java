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
}
