package sightline.operators.litepose;

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

    /** A quarter towards the larger neighbour in the row, ties towards the smaller index. */
    double nudgeAcross(int map, int y, int x) {
        return at(map, y, Math.min(x + 1, width - 1)) > at(map, y, Math.max(x - 1, 0)) ? 0.25 : -0.25;
    }

    /** The same in the column. */
    double nudgeDown(int map, int y, int x) {
        return at(map, Math.min(y + 1, height - 1), x) > at(map, Math.max(y - 1, 0), x) ? 0.25 : -0.25;
    }

    /** Becomes other maps, from {@code first} on, enlarged. */
    void enlarge(Maps other, int first, Bilinear how) {
        for (int m = 0; m < count; m++) {
            how.resize(other.values, (first + m) * other.plane(), values, m * plane());
        }
    }

    /** The mirror image of other maps, from {@code first} on: columns reversed, each map in the place that {@code order} names. */
    void mirror(Maps other, int first, IntUnaryOperator order) {
        for (int m = 0; m < count; m++) {
            for (int y = 0; y < height; y++) {
                int from = ((first + order.applyAsInt(m)) * height + y) * width;
                int to = (m * height + y) * width;
                for (int x = 0; x < width; x++) {
                    values[to + x] = other.values[from + width - 1 - x];
                }
            }
        }
    }

    /** {@code this = (this + other) / 2} with other maps, from {@code first} on. */
    void averageWith(Maps other, int first) {
        int from = first * other.plane();
        for (int i = 0; i < values.length; i++) {
            values[i] = (values[i] + other.values[from + i]) / 2;
        }
    }
}
