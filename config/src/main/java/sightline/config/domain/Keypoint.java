package sightline.config.domain;

/**
 * One joint of a pose.
 *
 * @param u pixels to the right
 * @param v pixels downwards
 * @param score in 0..1; 0 means not found
 */
public record Keypoint(double u, double v, double score) {}
