package sightline.config.site;

/**
 * How a camera maps world points to pixels. The numbers only: {@code sensors} has the geometry that uses them.
 *
 * <p>Camera axes: x right, y down, z forward. Pixel (0, 0) is the corner of the first pixel, so principal points given
 * in OpenCV's convention (centre of the first pixel) gain 0.5.
 */
public sealed interface Projection {
    /**
     * A pinhole camera with lens distortion.
     *
     * @param fx focal length, pixels
     * @param fy focal length, pixels
     * @param cx principal point, pixels from the corner
     * @param cy principal point, pixels from the corner
     * @param rotation world to camera, row-major 3x3
     * @param translation world to camera, metres: {@code x_cam = rotation * x_world + translation}
     * @param distortion of the lens
     */
    record Pinhole(
            double fx, double fy, double cx, double cy, double[] rotation, double[] translation, Distortion distortion)
            implements Projection {}

    /**
     * Tsai's 1987 model: distortion is applied from distorted to undistorted sensor coordinates, which is why it is a
     * model of its own.
     *
     * @param focal millimetres
     * @param kappa1 per square millimetre
     * @param cx pixels from the corner
     * @param cy pixels from the corner
     * @param sx horizontal scale
     * @param dpx effective sensor element width, millimetres a pixel
     * @param dpy effective sensor element height, millimetres a pixel
     * @param rotation world to camera, row-major 3x3
     * @param translation world to camera, metres
     */
    record Tsai(
            double focal,
            double kappa1,
            double cx,
            double cy,
            double sx,
            double dpx,
            double dpy,
            double[] rotation,
            double[] translation)
            implements Projection {}
}
