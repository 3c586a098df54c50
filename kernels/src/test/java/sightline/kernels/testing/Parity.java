package sightline.kernels.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Another engine against the reference, on seeded weights and inputs. */
public final class Parity {
    private Parity() {}

    /** Asserts that every output agrees to {@code tolerance} in relative L2. */
    public static void check(Engine engine, Graph graph, long seed, double tolerance) {
        Map<String, Tensor> inputs = inputs(graph, seed);
        Weights weights = RandomWeights.of(graph, seed);
        try (Session expected = new ReferenceEngine().compile(graph, weights, CompileOptions.DEFAULT);
                Session actual = engine.compile(graph, weights, CompileOptions.DEFAULT)) {
            Map<String, Tensor> right = expected.run(inputs);
            Map<String, Tensor> other = actual.run(inputs);
            assertThat(other.keySet()).isEqualTo(right.keySet());
            right.forEach((name, tensor) -> {
                assertThat(other.get(name).dtype()).isEqualTo(tensor.dtype());
                assertThat(other.get(name).shape()).isEqualTo(tensor.shape());
                assertThat(distance(other.get(name), tensor))
                        .as("%s of %s", name, graph.name())
                        .isLessThanOrEqualTo(tolerance);
            });
        }
    }

    /** Relative L2 distance. */
    public static double distance(Tensor actual, Tensor expected) {
        double difference = 0;
        double norm = 0;
        for (long i = 0; i < expected.size(); i++) {
            double d = actual.get(i) - expected.get(i);
            difference += d * d;
            norm += expected.get(i) * expected.get(i);
        }
        return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }

    /** Normal numbers for floats, small ones from 0 for integers, coins for truth values. */
    public static Map<String, Tensor> inputs(Graph graph, long seed) {
        Map<String, Tensor> inputs = new HashMap<>();
        graph.inputs().forEach((name, value) -> inputs.put(name, input(value, seed + name.hashCode())));
        return inputs;
    }

    private static Tensor input(Value value, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
        for (long i = 0; i < tensor.size(); i++) {
            double g = random.nextGaussian();
            if (value.dtype().isReal()) {
                tensor.set(i, g);
            } else {
                tensor.setLong(i, value.dtype() == DType.BOOL ? (g > 0 ? 1 : 0) : random.nextInt(4));
            }
        }
        return tensor;
    }
}
