package sightline.sensors.scene;

import java.util.SplittableRandom;

/**
 * Turns light into 8-bit RGB the way a small camera does: vignette, tone curve, noise that is stronger in the dark. A row
 * is developed in short loops, since those without a table run eight values at a time. Not safe for threads.
 */
final class Film {
    private static final int GRAINS = 1 << 14;

    /** Luminance noise and a little colour noise, as debayering leaves it: red, green, blue of each grain. */
    private static final float[] NOISE = new float[3 * GRAINS];

    static {
        SplittableRandom random = new SplittableRandom(0x6e6f697365L);
        for (int i = 0; i < NOISE.length; i += 3) {
            double common = 0.8 * random.nextGaussian();
            for (int c = 0; c < 3; c++) {
                NOISE[i + c] = (float) (common + 0.5 * random.nextGaussian());
            }
        }
    }

    private final int width;
    private final int height;
    private final float sigma;

    /** What the vignette leaves in each column, three times each; a row takes its own part away. */
    private final float[] columns;

    private final float[] rows;

    /** Steps of the tone curve, then 8-bit values. */
    private final int[] values;

    private final float[] shown;

    Film(int width, int height, double sigma) {
        this.width = width;
        this.height = height;
        this.sigma = (float) sigma;
        columns = new float[3 * width];
        rows = new float[height];
        values = new int[3 * width];
        shown = new float[3 * width];
        double reach = (width * width + height * height) / 4.0;
        for (int j = 0; j < columns.length; j++) {
            columns[j] = (float) (1 - 0.22 * square(j / 3 + 0.5 - 0.5 * width) / reach);
        }
        for (int y = 0; y < height; y++) {
            rows[y] = (float) (0.22 * square(y + 0.5 - 0.5 * height) / reach);
        }
    }

    private static double square(double x) {
        return x * x;
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
        float dark = sigma * (0.5f + 0.5f * gain) * 1.35f;
        float bright = sigma * (0.5f + 0.5f * gain) * 0.0035f;
        for (int y = 0; y < height; y++) {
            int row = 3 * width * y;
            int grain = 3 * random.nextInt(GRAINS - width);
            expose(light, row, gain * Tone.STEPS_PER_LIGHT, rows[y]);
            for (int j = 0; j < shown.length; j++) {
                shown[j] = Tone.shown(values[j]);
            }
            for (int j = 0; j < shown.length; j++) {
                float value = shown[j] + (dark - bright * shown[j]) * NOISE[grain + j];
                values[j] = Math.min(Math.max((int) (value + 0.5f), 0), 255);
            }
            for (int j = 0; j < values.length; j++) {
                rgb[row + j] = (byte) values[j];
            }
        }
    }

    private void expose(float[] light, int row, float gain, float lost) {
        for (int j = 0; j < values.length; j++) {
            values[j] = (int) (light[row + j] * gain * (columns[j] - lost));
        }
    }
}
