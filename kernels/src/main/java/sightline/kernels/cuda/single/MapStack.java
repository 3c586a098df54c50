package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;

/**
 * A batch of stacks of maps as a kernel reads it where it lies, whichever way that is.
 *
 * @param half whether elements are float16, else they are float32
 * @param images of the batch
 * @param channels maps of an image
 * @param height of a map
 * @param width of a map
 * @param image elements from one image to the next
 * @param channel elements from one map to the next
 * @param cell elements from one cell to the next, row by row
 */
public record MapStack(
        Slot slot, boolean half, int images, int channels, int height, int width, int image, int channel, int cell) {

    /** Maps of a float32 NCHW batch. */
    public static MapStack of(Array32 x) {
        int area = x.dim(2) * x.dim(3);
        return new MapStack(
                x.slot(), false, x.dim(0), x.dim(1), x.dim(2), x.dim(3), Math.multiplyExact(x.dim(1), area), area, 1);
    }

    /** Maps of a float16 NHWC batch. */
    public static MapStack of(Pixels x) {
        return new MapStack(
                x.slot(),
                true,
                x.batch(),
                x.channels(),
                x.height(),
                x.width(),
                Math.multiplyExact(x.area(), x.stored()),
                1,
                x.stored());
    }

    int area() {
        return height * width;
    }

    /** As stored. */
    double bytes() {
        return (double) images * image * (half ? 2 : 4);
    }

    /** Writes it as the kernels declare it. */
    void describe(Params params) {
        params.slot(slot).int32(half ? 1 : 0, image, channel, cell);
    }
}
