package sightline.operators.litepose;

/**
 * A local maximum of a heat map.
 *
 * @param x pixel
 * @param y pixel
 * @param value of the heat map
 * @param tag of the tag map there
 */
record Peak(int x, int y, float value, float tag) {}
