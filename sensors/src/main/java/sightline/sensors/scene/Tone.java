package sightline.sensors.scene;

/** Colours: 8-bit sRGB outside, linear light inside. */
final class Tone {
    /** Linear light is shown up to this value; the rest is white. */
    static final float BRIGHTEST = 1.35f;

    private static final int STEPS = 4096;

    /** Steps of the tone curve in one unit of light. */
    static final float STEPS_PER_LIGHT = STEPS / BRIGHTEST;

    private static final float[] LINEAR = new float[256];
    private static final float[] SHOWN = new float[STEPS + 1];

    static {
        for (int i = 0; i < 256; i++) {
            double s = i / 255.0;
            LINEAR[i] = (float) (s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4));
        }
        for (int i = 0; i <= STEPS; i++) {
            // A gentle shoulder, as cameras have, then the sRGB curve.
            double x = BRIGHTEST * i / STEPS;
            double y = x < 0.6 ? x : 0.6 + 0.4 * (1 - Math.exp(-(x - 0.6) / 0.4));
            double s = y <= 0.0031308 ? 12.92 * y : 1.055 * Math.pow(y, 1 / 2.4) - 0.055;
            SHOWN[i] = Math.round(255 * Math.clamp(s, 0, 1));
        }
    }

    private Tone() {}

    static float linear(int channel) {
        return LINEAR[channel & 0xff];
    }

    static float red(int rgb) {
        return LINEAR[(rgb >> 16) & 0xff];
    }

    static float green(int rgb) {
        return LINEAR[(rgb >> 8) & 0xff];
    }

    static float blue(int rgb) {
        return LINEAR[rgb & 0xff];
    }

    /** The 8-bit value, 0..255, that shows light of so many steps. */
    static float shown(int steps) {
        return SHOWN[Math.min(Math.max(steps, 0), STEPS)];
    }
}
