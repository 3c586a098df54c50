package sightline.config.domain;

/**
 * A point in the image with its uncertainty, in pixels.
 *
 * @param u to the right
 * @param v downwards
 * @param varU variance of u
 * @param covUv covariance of u and v
 * @param varV variance of v
 */
public record ImagePoint(double u, double v, double varU, double covUv, double varV) {}
