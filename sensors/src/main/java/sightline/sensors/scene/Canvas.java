package sightline.sensors.scene;

import java.util.Arrays;

/**
 * The picture in the making: linear light, depth, and which actor each pixel belongs to. One thread draws on it, from far
 * to near.
 */
final class Canvas {
    static final short NOBODY = -1;

    final int width;
    final int height;
    final float[] light;
    final float[] depth;
    final short[] owner;

    /** Darkening of the ground, 0..1, in two kinds: by the sun kept away, and by the sky kept away. */
    final float[] sunKept;

    final float[] skyKept;

    private final short[] stamp;
    private final int[] area;

    Canvas(int width, int height, int actors) {
        this.width = width;
        this.height = height;
        int pixels = width * height;
        light = new float[3 * pixels];
        depth = new float[pixels];
        owner = new short[pixels];
        stamp = new short[pixels];
        sunKept = new float[pixels];
        skyKept = new float[pixels];
        area = new int[actors];
    }

    /** Starts a picture of the empty plaza. */
    void begin(Backdrop backdrop) {
        System.arraycopy(backdrop.depth, 0, depth, 0, depth.length);
        Arrays.fill(owner, NOBODY);
        Arrays.fill(stamp, NOBODY);
        Arrays.fill(sunKept, 0);
        Arrays.fill(skyKept, 0);
        Arrays.fill(area, 0);
    }

    /** Lights the empty plaza, with the shadows that were gathered. */
    void illuminate(Backdrop backdrop, float sunshine) {
        float[] ambient = backdrop.ambient;
        float[] sun = backdrop.sun;
        for (int i = 0, j = 0; i < depth.length; i++, j += 3) {
            float s = sunshine * (1 - sunKept[i]);
            float a = 1 - skyKept[i];
            light[j] = a * ambient[j] + s * sun[j];
            light[j + 1] = a * ambient[j + 1] + s * sun[j + 1];
            light[j + 2] = a * ambient[j + 2] + s * sun[j + 2];
        }
    }

    /** Lays a drop of colour on a pixel if it is nearer than what is there. */
    void plot(int i, float distance, float cover, float red, float green, float blue, short actor) {
        if (cover >= 0.5f && stamp[i] != actor) {
            stamp[i] = actor;
            area[actor]++;
        }
        if (distance > depth[i]) {
            return;
        }
        blend(i, cover, red, green, blue);
        if (cover >= 0.5f) {
            depth[i] = distance;
            owner[i] = actor;
        }
    }

    /**
     * Lays a drop of colour as {@link #plot} does, but over whatever the same actor has drawn: faces of one body meet at
     * edges where their depths cross within a pixel, and are drawn in an order that needs no test.
     */
    void cover(int i, float distance, float cover, float red, float green, float blue, short actor) {
        plot(i, owner[i] == actor ? Math.min(distance, depth[i]) : distance, cover, red, green, blue, actor);
    }

    /** Paints on what the same actor has drawn before, at about that depth: windows, wheels, lamps. */
    void decorate(int i, float distance, float cover, float red, float green, float blue, short actor) {
        if (owner[i] == actor && distance < depth[i] + 0.5f) {
            blend(i, cover, red, green, blue);
        }
    }

    private void blend(int i, float cover, float red, float green, float blue) {
        int j = 3 * i;
        light[j] += cover * (red - light[j]);
        light[j + 1] += cover * (green - light[j + 1]);
        light[j + 2] += cover * (blue - light[j + 2]);
    }

    /** Pixels of the picture that an actor would cover if nothing hid it. */
    int area(int actor) {
        return area[actor];
    }
}
