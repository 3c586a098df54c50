package sightline.operators.fusion.bench;

/**
 * One run of one reading, means over its steps.
 *
 * @param ospa metres
 * @param gospa2 GOSPA squared
 * @param localisation2 its part
 * @param missed2 its part
 * @param false2 its part
 */
public record Score(double ospa, double gospa2, double localisation2, double missed2, double false2) {}
