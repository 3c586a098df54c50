package sightline.operators.litepose;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A stack of maps, planar and row-major.
 *
 * <p>Threading: none; reused from frame to frame by one decoder.
 */
final class Maps {
    final int count;
    final int height;
    final int width;
    final float[] values;

    Maps(int count, int height, int width) {
        this(count, height, width, new float[count * height * width]);
    }

    Maps(int count, int height, int width, float[] values) {
        this.count = count;
        this.height = height;
        this.width = width;
        this.values = values;
    }

    int plane() {
        return height * width;
    }

    float at(int map, int y, int x) {
        return values[(map * height + y) * width + x];
    }

    /** The same place of several stacks. */
    static float[] at(List<Maps> stacks, int map, int y, int x) {
        float[] values = new float[stacks.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = stacks.get(i).at(map, y, x);
        }
        return values;
    }

    /** Bilinear, half-pixel centres, edge replicated, from {@code first} on as many maps as the target has. */
    void resizeInto(Maps target, int first) {
        for (int y = 0; y < target.height; y++) {
            float sy = Math.max(0, (y + 0.5f) * height / target.height - 0.5f);
            int y0 = Math.min((int) sy, height - 1);
            int y1 = Math.min(y0 + 1, height - 1);
            float fy = sy - y0;
            for (int x = 0; x < target.width; x++) {
                float sx = Math.max(0, (x + 0.5f) * width / target.width - 0.5f);
                int x0 = Math.min((int) sx, width - 1);
                int x1 = Math.min(x0 + 1, width - 1);
                float fx = sx - x0;
                for (int m = 0; m < target.count; m++) {
                    int base = (first + m) * plane();
                    float top = values[base + y0 * width + x0] * (1 - fx) + values[base + y0 * width + x1] * fx;
                    float bottom = values[base + y1 * width + x0] * (1 - fx) + values[base + y1 * width + x1] * fx;
                    target.values[(m * target.height + y) * target.width + x] = top * (1 - fy) + bottom * fy;
                }
            }
        }
    }

    /** The mirror image of other maps: columns reversed, and each map in the place that {@code order} names. */
    void mirror(Maps other, IntUnaryOperator order) {
        for (int m = 0; m < count; m++) {
            for (int y = 0; y < height; y++) {
                int from = (order.applyAsInt(m) * height + y) * width;
                int to = (m * height + y) * width;
                for (int x = 0; x < width; x++) {
                    values[to + x] = other.values[from + width - 1 - x];
                }
            }
        }
    }

    /** {@code this = (this + other) / 2}, the first maps of each. */
    void averageWith(Maps other) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (values[i] + other.values[i]) / 2;
        }
    }
}
