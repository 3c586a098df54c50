package sightline.config.site;

/**
 * A point on the ground plane.
 *
 * @param east metres
 * @param north metres
 */
public record GroundPoint(double east, double north) {}
