package sightline.kernels.vision;

/**
 * What a network expects of a colour: {@code (value / 255 - mean) / deviation}, channels in the order red, green, blue.
 *
 * @param mean a channel
 * @param deviation a channel
 */
public record Normalisation(float[] mean, float[] deviation) {
    /** The statistics of ImageNet, as every network here was trained with. */
    public static final Normalisation IMAGENET =
            new Normalisation(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

    /** Factor on an 8-bit value. */
    public float scale(int channel) {
        return 1 / (255 * deviation[channel]);
    }

    /** Added after the factor. */
    public float shift(int channel) {
        return -mean[channel] / deviation[channel];
    }
}
