package sightline.kernels.cuda;

/** How a session keeps activations and weights on the device. Sums are always float32. */
public enum Storage {
    /** NCHW float32 throughout: exact, for training and as the yardstick. */
    FLOAT32,
    /**
     * The same, but what large matrix products and convolutions multiply is rounded to bfloat16, and so is what they pass on
     * to operations that read it once: mixed precision, for training that can bear relative errors of a few thousandths.
     */
    MIXED,
    /**
     * NHWC float16 where a fast kernel exists, float32 elsewhere: for inference.
     */
    FLOAT16
}
