package sightline.config.domain;

/**
 * An axis-aligned rectangle in an image, in pixels of the original picture, (0, 0) at the corner of the first pixel.
 *
 * @param x left edge
 * @param y upper edge
 * @param width extent to the right
 * @param height extent downwards
 */
public record Box(double x, double y, double width, double height) {
    public double right() {
        return x + width;
    }

    public double bottom() {
        return y + height;
    }

    public double area() {
        return Math.max(0, width) * Math.max(0, height);
    }

    /** Intersection over union, 0 when they do not meet. */
    public double iou(Box other) {
        double w = Math.min(right(), other.right()) - Math.max(x, other.x);
        double h = Math.min(bottom(), other.bottom()) - Math.max(y, other.y);
        if (w <= 0 || h <= 0) {
            return 0;
        }
        double both = w * h;
        return both / (area() + other.area() - both);
    }
}
