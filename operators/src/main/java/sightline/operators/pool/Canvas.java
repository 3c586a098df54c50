package sightline.operators.pool;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A square training picture under construction, planar RGB in 0..255. Starts grey, takes pieces of pictures, is
 * recoloured, and leaves as normalised network input.
 *
 * <p>Threading: one thread; meant to be used again and again.
 */
final class Canvas {
    /** What surrounds a picture that does not fill the network's input. */
    static final float GREY = 114;

    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    final int side;
    private final float[] planes;
    private final int[] low;
    private final int[] high;
    private final float[] weight;

    Canvas(int side) {
        this.side = side;
        planes = new float[3 * side * side];
        low = new int[side];
        high = new int[side];
        weight = new float[side];
    }

    void clear() {
        Arrays.fill(planes, GREY);
    }

    /**
     * Draws a picture into a cell of the canvas.
     *
     * @param levels the picture and its halvings
     * @param cell where drawing is allowed: left, top, right, bottom
     * @param x where the picture's left edge lies
     * @param y where its upper edge lies
     * @param scale canvas pixels per picture pixel
     * @param flip whether left and right change places
     */
    void draw(List<Picture> levels, int[] cell, double x, double y, double scale, boolean flip) {
        int level = 0;
        double s = scale;
        while (s <= 0.6 && level + 1 < levels.size()) {
            s *= 2;
            level++;
        }
        Picture p = levels.get(level);
        double across = (double) p.width() / levels.getFirst().width() / scale;
        double down = (double) p.height() / levels.getFirst().height() / scale;
        int left = Math.max(cell[0], (int) Math.ceil(x));
        int right = Math.min(cell[2], (int) Math.floor(x + levels.getFirst().width() * scale));
        int top = Math.max(cell[1], (int) Math.ceil(y));
        int bottom = Math.min(cell[3], (int) Math.floor(y + levels.getFirst().height() * scale));
        for (int i = left; i < right; i++) {
            double at = Math.clamp((i + 0.5 - x) * across - 0.5, 0, p.width() - 1.0);
            at = flip ? p.width() - 1 - at : at;
            low[i] = 3 * (int) at;
            high[i] = 3 * Math.min((int) at + 1, p.width() - 1);
            weight[i] = (float) (at - (int) at);
        }
        byte[] rgb = p.rgb();
        int plane = side * side;
        for (int j = top; j < bottom; j++) {
            double at = Math.clamp((j + 0.5 - y) * down - 0.5, 0, p.height() - 1.0);
            int row0 = 3 * p.width() * (int) at;
            int row1 = 3 * p.width() * Math.min((int) at + 1, p.height() - 1);
            float f = (float) (at - (int) at);
            for (int i = left; i < right; i++) {
                float g = weight[i];
                for (int c = 0; c < 3; c++) {
                    float upper = (rgb[row0 + low[i] + c] & 255) * (1 - g) + (rgb[row0 + high[i] + c] & 255) * g;
                    float lower = (rgb[row1 + low[i] + c] & 255) * (1 - g) + (rgb[row1 + high[i] + c] & 255) * g;
                    planes[c * plane + j * side + i] = upper * (1 - f) + lower * f;
                }
            }
        }
    }

    /** Brightness, contrast, saturation, white balance, and sometimes noise. */
    void recolour(SplittableRandom random, double strength) {
        int plane = side * side;
        float brightness = (float) (random.nextDouble(-60, 60) * strength);
        float contrast = (float) Math.exp(random.nextDouble(-0.5, 0.5) * strength);
        float saturation = random.nextInt(10) == 0 ? 0 : (float) Math.exp(random.nextDouble(-0.7, 0.5) * strength);
        float[] balance = new float[3];
        for (int c = 0; c < 3; c++) {
            balance[c] = (float) Math.exp(random.nextDouble(-0.12, 0.12) * strength);
        }
        float noise = random.nextInt(4) == 0 ? (float) (random.nextDouble(12) * strength) : 0;
        long bits = random.nextLong() | 1;
        for (int i = 0; i < plane; i++) {
            float r = planes[i];
            float g = planes[plane + i];
            float b = planes[2 * plane + i];
            float grey = 0.3f * r + 0.59f * g + 0.11f * b;
            float grain = 0;
            if (noise > 0) {
                bits ^= bits << 13;
                bits ^= bits >>> 7;
                bits ^= bits << 17;
                grain = noise * ((bits & 0xffff) / 32768f - 1);
            }
            float shift = (grey - 128) * (contrast - 1) + brightness + grain;
            planes[i] = clamp((grey + (r - grey) * saturation) * balance[0] + shift);
            planes[plane + i] = clamp((grey + (g - grey) * saturation) * balance[1] + shift);
            planes[2 * plane + i] = clamp((grey + (b - grey) * saturation) * balance[2] + shift);
        }
    }

    private static float clamp(float x) {
        return Math.max(0, Math.min(255, x));
    }

    /** Writes network input, three planes, from index {@code at}. */
    void write(FloatBuffer out, int at) {
        int plane = side * side;
        for (int c = 0; c < 3; c++) {
            float gain = 1 / (255 * DEVIATION[c]);
            float offset = MEAN[c] / DEVIATION[c];
            for (int i = 0; i < plane; i++) {
                out.put(at + c * plane + i, planes[c * plane + i] * gain - offset);
            }
        }
    }

    /** As a picture, to look at. */
    Picture picture() {
        int plane = side * side;
        byte[] rgb = new byte[3 * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = (byte) Math.round(planes[c * plane + i]);
            }
        }
        return new Picture(side, side, rgb);
    }
}
