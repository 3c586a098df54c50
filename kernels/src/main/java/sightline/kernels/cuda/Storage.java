package sightline.kernels.cuda;

/** How a session keeps activations and weights on the device. Sums are always float32. */
public enum Storage {
    /** NCHW float32 throughout: exact, for training and as the yardstick. */
    FLOAT32,
    /**
     * NHWC float16 where a fast kernel exists, float32 elsewhere: for inference.
     */
    FLOAT16
}
