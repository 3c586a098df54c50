package sightline.operators.pool;

import sightline.config.domain.Box;

/**
 * Where a picture lies in a sample.
 *
 * @param picture the picture
 * @param left edge of the cell that shows it
 * @param top edge of the cell
 * @param right edge of the cell
 * @param bottom edge of the cell
 * @param x where the picture's left edge lies, perhaps outside the cell
 * @param y where its upper edge lies
 * @param width of the whole picture, in the sample's pixels
 * @param height of the whole picture
 * @param flip whether left and right changed places
 */
record Placed(
        LabeledPicture picture,
        int left,
        int top,
        int right,
        int bottom,
        double x,
        double y,
        double width,
        double height,
        boolean flip) {
    double across(double fraction) {
        return x + (flip ? 1 - fraction : fraction) * width;
    }

    double down(double fraction) {
        return y + fraction * height;
    }

    /** From the sample's pixels back to fractions of the picture. */
    double backAcross(double pixel) {
        double fraction = (pixel - x) / width;
        return flip ? 1 - fraction : fraction;
    }

    double backDown(double pixel) {
        return (pixel - y) / height;
    }

    Box box(Box b) {
        return new Box(across(flip ? b.right() : b.x()), down(b.y()), b.width() * width, b.height() * height);
    }

    boolean shows(double px, double py) {
        return px >= left && px < right && py >= top && py < bottom;
    }
}
