package sightline.kernels.weights;

import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;

/**
 * Seeded weights for a graph: kernels scaled by their fan-in so that activations neither vanish nor explode, and
 * statistics, scales and biases perturbed away from their neutral values, so that a parity test sees each of them.
 */
public final class RandomWeights {
    private RandomWeights() {}

    /** Variance that a kernel gives to sums over inputs of variance one. */
    private static final double GAIN = 1.5;

    /** Weights in {@code arena}; the same graph and seed give the same numbers, whatever else the graph contains. */
    public static Weights of(Graph graph, long seed, Arena arena) {
        return of(graph, seed, arena, GAIN);
    }

    /** The same with another gain: one keeps deep residual networks within float16's range. */
    public static Weights of(Graph graph, long seed, Arena arena, double gain) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        graph.parameters().forEach((name, value) -> tensors.put(name, draw(name, value, seed, arena, gain)));
        return Weights.of(tensors);
    }

    public static Weights of(Graph graph, long seed) {
        return of(graph, seed, Arena.ofAuto());
    }

    private static Tensor draw(String name, Value value, long seed, Arena arena, double gain) {
        SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + name.hashCode());
        Tensor tensor = Tensor.allocate(arena, value.dtype(), value.shape().toArray());
        if (!value.dtype().isReal()) {
            return tensor;
        }
        boolean vector = tensor.rank() <= 1;
        double fan = 1;
        for (int i = 1; i < tensor.rank(); i++) {
            fan *= tensor.dim(i);
        }
        for (long i = 0; i < tensor.size(); i++) {
            double g = random.nextGaussian();
            double drawn;
            if (name.endsWith("running_var")) {
                drawn = 0.5 + random.nextDouble();
            } else if (vector && name.endsWith("weight")) {
                drawn = 1 + 0.1 * g;
            } else if (vector) {
                drawn = 0.1 * g;
            } else {
                drawn = g * Math.sqrt(gain / fan);
            }
            tensor.set(i, drawn);
        }
        return tensor;
    }
}
