package sightline.operators.litepose;

import java.util.Arrays;
import java.util.List;

/**
 * Tag maps at input resolution. They are asked for at a few points mostly, and whole only where a joint is missing, so
 * they are enlarged to half of it and the rest is worked out when somebody asks.
 *
 * <p>Threading: none; reused from frame to frame by one decoder.
 */
final class Tags {
    private final Bilinear half;
    private final Bilinear full;
    private final Maps middle;
    private final int plane;
    private final float[][] planes;
    private final boolean[] ready;

    /**
     * @param half from the network's resolution to half of the input's
     * @param full from there to the input's
     */
    Tags(int joints, int height, int width, Bilinear half, Bilinear full) {
        this.half = half;
        this.full = full;
        this.middle = new Maps(joints, height / 2, width / 2);
        this.plane = height * width;
        this.planes = new float[joints][];
        this.ready = new boolean[joints];
    }

    /** Takes the maps from {@code first} on. */
    void see(Maps quarter, int first) {
        middle.enlarge(quarter, first, half);
        Arrays.fill(ready, false);
    }

    float at(int joint, int y, int x) {
        return full.at(middle.values, joint * middle.plane(), y, x);
    }

    /** The same place of several. */
    static float[] at(List<Tags> all, int joint, int y, int x) {
        float[] values = new float[all.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = all.get(i).at(joint, y, x);
        }
        return values;
    }

    /** All of a joint, row-major; valid until the next {@link #see}. */
    float[] plane(int joint) {
        if (!ready[joint]) {
            if (planes[joint] == null) {
                planes[joint] = new float[plane];
            }
            full.resize(middle.values, joint * middle.plane(), planes[joint], 0);
            ready[joint] = true;
        }
        return planes[joint];
    }
}
