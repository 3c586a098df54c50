package sightline.sensors.geometry;

/**
 * A point in a picture, (0, 0) at the corner of the first pixel.
 *
 * @param u pixels to the right
 * @param v pixels downwards
 */
public record PixelPoint(double u, double v) {}
