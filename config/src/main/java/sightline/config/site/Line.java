package sightline.config.site;

/**
 * A line on the ground. Crossing from its right to its left, looking from {@code from} to {@code to}, is inwards.
 *
 * @param name configured id
 * @param from one end
 * @param to other end
 */
public record Line(String name, GroundPoint from, GroundPoint to) {}
