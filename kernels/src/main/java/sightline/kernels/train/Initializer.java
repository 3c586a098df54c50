package sightline.kernels.train;

import java.util.SplittableRandom;
import sightline.kernels.graph.Shape;

/**
 * Where training starts: kernels normal with variance 2 over their fan-out (He et al.), scales 1, biases 0. The same
 * name, shape and seed give the same values.
 */
final class Initializer {
    private Initializer() {}

    static float[] draw(String name, Shape shape, long seed) {
        float[] values = new float[(int) shape.elements()];
        if (shape.rank() <= 1) {
            java.util.Arrays.fill(values, name.endsWith("weight") ? 1 : 0);
            return values;
        }
        double area = (double) shape.elements() / (shape.size(0) * shape.size(1));
        // A depthwise kernel has one filter a channel: its fan-out is its area.
        double fanOut = shape.size(1) == 1 ? area : shape.size(0) * area;
        double deviation = Math.sqrt(2 / fanOut);
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ name.hashCode());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }
}
