package sightline.operators.oracle;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** Numbers that follow from names, as {@code src/test/oracle/formula.py} makes them; both files describe one formula. */
final class Formula {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Formula() {}

    /** Values in [-1, 1) times {@code scale}. */
    static float[] uniform(String name, int count, float scale) {
        long seed = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            seed = (seed ^ (b & 255)) * 0x100000001B3L;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            long z = seed + (i + 1) * GOLDEN;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
            values[i] = ((z >>> 40) / (float) (1 << 23) - 1) * scale;
        }
        return values;
    }

    static Weights weights(Graph graph) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        graph.parameters()
                .forEach((name, value) -> tensors.put(
                        name,
                        value.dtype().isReal()
                                ? Tensor.of(
                                        parameter(name, value.shape().toArray()),
                                        value.shape().toArray())
                                : Tensor.allocate(value.dtype(), value.shape().toArray())));
        return Weights.of(tensors);
    }

    private static float[] parameter(String name, long[] shape) {
        long count = 1;
        for (long length : shape) {
            count *= length;
        }
        boolean matrix = shape.length >= 2;
        float scale = 0.125f;
        float base = 0;
        if (name.endsWith("gaussian_matrix")) {
            scale = 1;
        } else if (name.endsWith("running_var")) {
            scale = 0.5f;
            base = 1;
        } else if (matrix) {
            scale = (float) Math.sqrt(3.0 / (count / shape[0]));
        } else if (name.endsWith("weight")) {
            scale = 0.25f;
            base = 1;
        }
        float[] values = uniform(name, Math.toIntExact(count), scale);
        for (int i = 0; i < values.length && base != 0; i++) {
            values[i] += base;
        }
        return values;
    }

    /** The input picture 1 x 3 x height x width of the forwards. */
    static Tensor picture(int height, int width) {
        return Tensor.of(uniform("input " + height + "x" + width, 3 * height * width, 2), 1, 3, height, width);
    }
}
