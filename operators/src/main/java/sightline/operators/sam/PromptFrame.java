package sightline.operators.sam;

import sightline.kernels.vision.Placement;

/**
 * Where a picture lies in the square frame in which prompts are given: its longer side fills the frame, whatever the
 * encoder's own input is.
 *
 * @param sourceWidth of the picture, pixels
 * @param sourceHeight of the picture, pixels
 */
record PromptFrame(int sourceWidth, int sourceHeight) {
    /** Columns of the frame that the picture covers. */
    int width() {
        return scaled(sourceWidth, Sam.PROMPT_FRAME);
    }

    /** Rows of the frame that the picture covers. */
    int height() {
        return scaled(sourceHeight, Sam.PROMPT_FRAME);
    }

    double x(double u) {
        return u * width() / sourceWidth;
    }

    double y(double v) {
        return v * height() / sourceHeight;
    }

    /** The picture in an encoder's input of that side: upper left, the rest padding. */
    Placement placement(int side) {
        return new Placement(
                sourceWidth, sourceHeight, scaled(sourceWidth, side), scaled(sourceHeight, side), side, side);
    }

    private int scaled(int length, int side) {
        double scale = (double) side / Math.max(sourceWidth, sourceHeight);
        return Math.clamp((int) (length * scale + 0.5), 1, side);
    }
}
