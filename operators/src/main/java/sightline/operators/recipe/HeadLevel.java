package sightline.operators.recipe;

/**
 * What the detection head says at one stride, for a whole batch, and room for the loss's gradient.
 *
 * @param stride pixels of the input for each cell
 * @param height cells down
 * @param width cells across
 * @param scores logits, batch x classes x height x width
 * @param boxes logarithms of the distances to left, top, right and bottom in strides, batch x 4 x height x width
 * @param scoreGradient overwritten by the loss
 * @param boxGradient overwritten by the loss
 */
public record HeadLevel(
        int stride, int height, int width, float[] scores, float[] boxes, float[] scoreGradient, float[] boxGradient) {
    /** Range in which a logarithm of a distance is believed. */
    public static final float LOWEST = -6;

    public static final float HIGHEST = 4;

    public static HeadLevel of(int stride, int height, int width, int batch, int classes) {
        int cells = batch * height * width;
        return new HeadLevel(
                stride,
                height,
                width,
                new float[cells * classes],
                new float[cells * 4],
                new float[cells * classes],
                new float[cells * 4]);
    }

    int cells() {
        return height * width;
    }
}
