package sightline.kernels.reference;

/** Two maps of a pyramid at its full size, as {@link sightline.kernels.graph.Finding.Peaks} enlarges them. */
final class Enlarged {
    final int height;
    final int width;
    final float[] heat;
    final float[] tag;

    private Enlarged(int height, int width, float[] heat, float[] tag) {
        this.height = height;
        this.width = width;
        this.heat = heat;
        this.tag = tag;
    }

    static Enlarged of(Array coarse, Array fine, int picture, int map) {
        int maps = fine.dim(1);
        int h = coarse.dim(2);
        int w = coarse.dim(3);
        float[] heat = twice(plane(coarse, picture * 2 * maps + map), h, w);
        float[] finer = plane(fine, picture * maps + map);
        for (int i = 0; i < heat.length; i++) {
            heat[i] = (heat[i] + finer[i]) / 2;
        }
        float[] tag = twice(plane(coarse, (picture * 2 + 1) * maps + map), h, w);
        return new Enlarged(4 * h, 4 * w, twice(heat, 2 * h, 2 * w), twice(tag, 2 * h, 2 * w));
    }

    private static float[] plane(Array maps, int index) {
        int size = maps.dim(2) * maps.dim(3);
        float[] plane = new float[size];
        for (int i = 0; i < size; i++) {
            plane[i] = (float) maps.reals[index * size + i];
        }
        return plane;
    }

    private static float[] twice(float[] map, int height, int width) {
        float[] twice = new float[4 * map.length];
        for (int y = 0; y < 2 * height; y++) {
            for (int x = 0; x < 2 * width; x++) {
                float down = position(y);
                float across = position(x);
                int top = (int) down;
                int left = (int) across;
                int bottom = Math.min(top + 1, height - 1);
                int right = Math.min(left + 1, width - 1);
                float above = mix(map[top * width + left], map[top * width + right], across - left);
                float below = mix(map[bottom * width + left], map[bottom * width + right], across - left);
                twice[y * 2 * width + x] = mix(above, below, down - top);
            }
        }
        return twice;
    }

    private static float position(int i) {
        return Math.max(0, (i + 0.5f) / 2 - 0.5f);
    }

    private static float mix(float a, float b, float share) {
        return a * (1 - share) + b * share;
    }

    /** No other place of the 5 x 5 around it is higher. */
    boolean isHighest(int at) {
        int y = at / width;
        int x = at % width;
        for (int v = Math.max(0, y - 2); v <= Math.min(height - 1, y + 2); v++) {
            for (int u = Math.max(0, x - 2); u <= Math.min(width - 1, x + 2); u++) {
                if (heat[v * width + u] > heat[at]) {
                    return false;
                }
            }
        }
        return true;
    }

    double nudgeAcross(int at) {
        int row = at / width * width;
        int x = at % width;
        return heat[row + Math.min(x + 1, width - 1)] > heat[row + Math.max(x - 1, 0)] ? 0.25 : -0.25;
    }

    double nudgeDown(int at) {
        int y = at / width;
        int x = at % width;
        return heat[Math.min(y + 1, height - 1) * width + x] > heat[Math.max(y - 1, 0) * width + x] ? 0.25 : -0.25;
    }
}
