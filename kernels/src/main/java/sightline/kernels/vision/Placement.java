package sightline.kernels.vision;

/**
 * Where the picture lies in the network's input: scaled to {@code width} by {@code height} at the upper left, the rest of
 * the input filled. Maps coordinates back.
 *
 * @param sourceWidth picture, pixels
 * @param sourceHeight picture, pixels
 * @param width of the scaled picture within the input
 * @param height of the scaled picture within the input
 * @param inputWidth of the network
 * @param inputHeight of the network
 */
public record Placement(int sourceWidth, int sourceHeight, int width, int height, int inputWidth, int inputHeight)
        implements Framing {
    public Placement {
        if (sourceWidth < 1 || sourceHeight < 1) {
            throw new IllegalArgumentException("a picture of " + sourceWidth + "x" + sourceHeight + " pixels is empty");
        }
        if (width < 1 || height < 1 || width > inputWidth || height > inputHeight) {
            throw new IllegalArgumentException(
                    width + "x" + height + " pixels do not fit the input of " + inputWidth + "x" + inputHeight);
        }
    }

    /** Stretched to the whole input. */
    public static Placement stretch(int sourceWidth, int sourceHeight, int inputWidth, int inputHeight) {
        return new Placement(sourceWidth, sourceHeight, inputWidth, inputHeight, inputWidth, inputHeight);
    }

    /** As large as fits without changing its shape. */
    public static Placement fit(int sourceWidth, int sourceHeight, int inputWidth, int inputHeight) {
        double scale = Math.min((double) inputWidth / sourceWidth, (double) inputHeight / sourceHeight);
        return new Placement(
                sourceWidth,
                sourceHeight,
                Math.clamp(Math.round(sourceWidth * scale), 1, inputWidth),
                Math.clamp(Math.round(sourceHeight * scale), 1, inputHeight),
                inputWidth,
                inputHeight);
    }

    @Override
    public double toSourceX(double x) {
        return x * sourceWidth / width;
    }

    @Override
    public double toSourceY(double y) {
        return y * sourceHeight / height;
    }

    @Override
    public Resampling.Taps across(Resampling resampling) {
        return resampling.taps(sourceWidth, width);
    }

    @Override
    public Resampling.Taps down(Resampling resampling) {
        return resampling.taps(sourceHeight, height);
    }
}
