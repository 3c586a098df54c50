package sightline.kernels.cuda;

/**
 * A batch of images in a slot as float16 NHWC, channels padded to a multiple of eight so that every access is 16 bytes.
 * What lies in the padding is finite and never read as a value.
 */
record Pixels(Slot slot, int batch, int height, int width, int channels) {
    static int padded(int channels) {
        return (channels + 7) / 8 * 8;
    }

    /** Channels as stored. */
    int stored() {
        return padded(channels);
    }

    int area() {
        return height * width;
    }

    long elements() {
        return (long) batch * area() * stored();
    }

    double bytes() {
        return 2.0 * elements();
    }

    boolean sameSize(Pixels other) {
        return batch == other.batch && height == other.height && width == other.width && channels == other.channels;
    }
}
