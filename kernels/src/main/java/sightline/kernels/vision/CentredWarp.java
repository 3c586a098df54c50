package sightline.kernels.vision;

/**
 * A picture scaled about its centre to the centre of the input, black around it: what OpenCV's {@code warpAffine} makes
 * with the affine transform of the official pose code (bilinear, constant border). That transform maps indices of pixels
 * and not their edges, and rounds the picture's centre to a whole pixel; both are kept, here and on the way back.
 *
 * @param sourceWidth picture, pixels
 * @param sourceHeight picture, pixels
 * @param inputWidth of the network
 * @param inputHeight of the network
 * @param scale input pixels a picture pixel
 */
public record CentredWarp(int sourceWidth, int sourceHeight, int inputWidth, int inputHeight, double scale)
        implements Framing {
    public CentredWarp {
        if (sourceWidth < 1 || sourceHeight < 1) {
            throw new IllegalArgumentException("a picture of " + sourceWidth + "x" + sourceHeight + " pixels is empty");
        }
    }

    @Override
    public int width() {
        return inputWidth;
    }

    @Override
    public int height() {
        return inputHeight;
    }

    @Override
    public double toSourceX(double x) {
        return back(x, sourceWidth, inputWidth);
    }

    @Override
    public double toSourceY(double y) {
        return back(y, sourceHeight, inputHeight);
    }

    private double back(double at, int source, int input) {
        return (at - input / 2.0) / scale + (int) (source / 2.0 + 0.5);
    }

    @Override
    public Resampling.Taps across(Resampling resampling) {
        return taps(sourceWidth, inputWidth);
    }

    @Override
    public Resampling.Taps down(Resampling resampling) {
        return taps(sourceHeight, inputHeight);
    }

    /** Two neighbours each; what lies outside the picture has no weight, which is black. */
    private Resampling.Taps taps(int source, int input) {
        int[] first = new int[input];
        float[] weights = new float[2 * input];
        for (int i = 0; i < input; i++) {
            double at = back(i, source, input);
            int near = (int) Math.floor(at);
            first[i] = Math.clamp(near, 0, Math.max(0, source - 2));
            for (int k = near; k <= near + 1; k++) {
                if (k >= 0 && k < source) {
                    weights[2 * i + k - first[i]] = (float) (1 - Math.abs(at - k));
                }
            }
        }
        return new Resampling.Taps(2, first, weights);
    }
}
