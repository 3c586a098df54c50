package sightline.config.domain;

import java.util.Optional;

/**
 * One object found in a picture.
 *
 * @param label its class
 * @param score in 0..1, as the network gives it
 * @param box in pixels of the original picture
 * @param foot where it touches the ground; empty when the lower edge of the picture or another object hides it, in
 *     which case the box is only a bearing
 */
public record Detection(ObjectClass label, double score, Box box, Optional<ImagePoint> foot) {}
