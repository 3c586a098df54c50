package sightline.sensors.scene;

import java.util.SplittableRandom;

/** Turns light into 8-bit RGB the way a small camera does: vignette, tone curve, noise that is stronger in the dark. */
final class Film {
    private static final int GRAINS = 1 << 16;
    private static final float[] NOISE = new float[GRAINS];

    static {
        SplittableRandom random = new SplittableRandom(0x6e6f697365L);
        for (int i = 0; i < GRAINS; i++) {
            NOISE[i] = (float) random.nextGaussian();
        }
    }

    private final float[] vignette;
    private final int width;
    private final int height;
    private final double sigma;

    Film(int width, int height, double sigma) {
        this.width = width;
        this.height = height;
        this.sigma = sigma;
        vignette = new float[width * height];
        double reach = Math.hypot(width, height) / 2;
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                double r = Math.hypot(x + 0.5 - 0.5 * width, y + 0.5 - 0.5 * height) / reach;
                vignette[i] = (float) (1 - 0.22 * r * r);
            }
        }
    }

    /** The gain at which an average scene is well exposed, within what a small camera can do. */
    static float exposure(Backdrop backdrop) {
        double sum = 0;
        for (int i = 1; i < backdrop.ambient.length; i += 3) {
            sum += Math.min(1, backdrop.ambient[i] + 0.7f * backdrop.sun[i]);
        }
        return (float) Math.clamp(0.26 / (sum / backdrop.depth.length), 0.7, 2.6);
    }

    /** Develops the canvas into interleaved RGB; gain brightens the noise with the light. */
    void develop(float[] light, float gain, SplittableRandom random, byte[] rgb) {
        float bright = (float) sigma * (0.5f + 0.5f * gain);
        for (int y = 0, i = 0, j = 0; y < height; y++) {
            int grain = random.nextInt(GRAINS);
            for (int x = 0; x < width; x++, i++) {
                float v = gain * vignette[i];
                // Luminance noise and a little colour noise, as debayering leaves it.
                float common = NOISE[grain++ & (GRAINS - 1)];
                for (int c = 0; c < 3; c++, j++) {
                    int shown = Tone.shown(light[j] * v);
                    float own = NOISE[(grain + 7919 * (c + 1)) & (GRAINS - 1)];
                    float s = bright * (1.35f - 0.0035f * shown);
                    int value = Math.round(shown + s * (0.8f * common + 0.5f * own));
                    rgb[j] = (byte) (value < 0 ? 0 : Math.min(value, 255));
                }
            }
        }
    }
}
