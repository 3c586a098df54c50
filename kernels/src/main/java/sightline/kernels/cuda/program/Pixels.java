package sightline.kernels.cuda.program;

/**
 * A batch of images in a slot as float16 NHWC, channels padded to a multiple of eight so that every access is 16 bytes.
 * What lies in the padding is finite and never read as a value.
 */
public record Pixels(Slot slot, int batch, int height, int width, int channels) {
    /** As many channels as are stored for these. */
    public static int padded(int channels) {
        return (channels + 7) / 8 * 8;
    }

    /** Channels as stored. */
    public int stored() {
        return padded(channels);
    }

    /** Pixels of an image. */
    public int area() {
        return height * width;
    }

    /** Elements of the batch as stored. */
    public long elements() {
        return (long) batch * area() * stored();
    }

    /** Bytes of the batch as stored. */
    public double bytes() {
        return 2.0 * elements();
    }

    boolean sameSize(Pixels other) {
        return batch == other.batch && height == other.height && width == other.width && channels == other.channels;
    }
}
