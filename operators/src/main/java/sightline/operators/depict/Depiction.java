package sightline.operators.depict;

import java.awt.image.BufferedImage;

/**
 * A picture of a brief, not yet marked: only {@link Marking} makes bytes of it.
 *
 * @param image 8-bit RGB; owned by the receiver
 * @param progress 0..1; 1 is final
 */
public record Depiction(BufferedImage image, double progress) {}
