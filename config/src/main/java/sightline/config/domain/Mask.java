package sightline.config.domain;

import java.util.BitSet;
import java.util.Optional;

/**
 * The pixels of one thing, in the original picture. Only the tight rectangle around them is stored.
 *
 * @param thing what it was cut out for; empty where nothing was asked for
 * @param quality the network's own estimate of intersection over union with the truth
 * @param stability intersection over union of the mask at a higher and a lower threshold
 * @param x first column of the rectangle, pixels
 * @param y first row of the rectangle, pixels
 * @param width of the rectangle, pixels, 0 for an empty mask
 * @param height of the rectangle, pixels
 * @param pixels row-major within the rectangle; owned by the record
 */
public record Mask(
        Optional<Detection> thing,
        double quality,
        double stability,
        int x,
        int y,
        int width,
        int height,
        BitSet pixels) {
    /** Whether the pixel in that column and row of the picture belongs to the thing. */
    public boolean contains(int column, int row) {
        return column >= x
                && column < x + width
                && row >= y
                && row < y + height
                && pixels.get((row - y) * width + column - x);
    }

    /** Pixels. */
    public int area() {
        return pixels.cardinality();
    }

    /** The rectangle. */
    public Box box() {
        return new Box(x, y, width, height);
    }

    public Mask of(Detection detection) {
        return new Mask(Optional.of(detection), quality, stability, x, y, width, height, pixels);
    }
}
