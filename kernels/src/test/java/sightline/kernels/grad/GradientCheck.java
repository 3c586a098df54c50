package sightline.kernels.grad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * Holds a gradient graph against central differences in float64 on the reference engine: along a random direction of
 * every real input and parameter, the slope of Σ cotangent·output must be the gradient's product with that direction.
 */
final class GradientCheck {
    private static final double STEP = 1e-6;
    private static final CompileOptions EXACT = CompileOptions.DEFAULT.withPrecision(DType.F64);

    private final Graph graph;
    private final Random random;
    private final Map<String, Tensor> inputs = new HashMap<>();
    private final Map<String, Tensor> weights = new HashMap<>();

    private GradientCheck(Graph graph, long seed, double scale, double offset) {
        this.graph = graph;
        this.random = new Random(seed);
        graph.inputs().forEach((name, v) -> inputs.put(name, draw(v, scale, offset)));
        graph.parameters()
                .forEach((name, v) ->
                        weights.put(name, draw(v, name.endsWith("var") ? 0.1 : 1, name.endsWith("var") ? 1 : 0)));
    }

    /** Inputs are normal with deviation 1. */
    static void check(Graph graph, long seed) {
        new GradientCheck(graph, seed, 1, 0).run(2e-6);
    }

    /** Inputs are uniform in a range, for functions that need it. */
    static void check(Graph graph, long seed, double low, double high) {
        new GradientCheck(graph, seed, low, high).uniform(low, high).run(2e-6);
    }

    private GradientCheck uniform(double low, double high) {
        inputs.forEach((name, t) -> {
            for (long i = 0; t.dtype().isReal() && i < t.size(); i++) {
                t.set(i, low + random.nextDouble() * (high - low));
            }
        });
        return this;
    }

    private Tensor draw(Value v, double scale, double offset) {
        DType type = v.dtype().isReal() ? DType.F64 : v.dtype();
        Tensor t = Tensor.allocate(type, v.shape().toArray());
        for (long i = 0; i < t.size(); i++) {
            t.set(i, type == DType.F64 ? offset + scale * random.nextGaussian() : random.nextInt(2));
        }
        return t;
    }

    private void run(double tolerance) {
        Map<String, Tensor> cotangents = new LinkedHashMap<>();
        graph.outputs().forEach((name, v) -> cotangents.put(name, draw(v, 1, 0)));
        Map<String, Value> leaves = new LinkedHashMap<>();
        graph.inputs().forEach((name, v) -> {
            if (v.dtype().isReal()) {
                leaves.put(name, v);
            }
        });
        graph.parameters().forEach((name, v) -> {
            if (((Source.Parameter) v.node().op()).role() == Source.Role.WEIGHT) {
                leaves.put(name, v);
            }
        });
        Graph joint = Gradients.of(graph, graph.outputs().keySet(), leaves.keySet());
        Map<String, Tensor> all = new HashMap<>(inputs);
        cotangents.forEach((name, t) -> all.put(Gradients.COTANGENT + name, t));
        Map<String, Tensor> gradients = new HashMap<>();
        try (Session session = new ReferenceEngine().compile(joint, Weights.of(weights), EXACT)) {
            session.run(all).forEach((name, t) -> gradients.put(name, copy(t)));
        }
        checkHalves(joint, all, gradients);
        for (String leaf : leaves.keySet()) {
            Tensor at = inputs.containsKey(leaf) ? inputs.get(leaf) : weights.get(leaf);
            Tensor direction = draw(leaves.get(leaf), 1, 0);
            double predicted = dot(gradients.get(Gradients.GRADIENT + leaf), direction);
            double slope =
                    (along(at, direction, STEP, cotangents) - along(at, direction, -STEP, cotangents)) / (2 * STEP);
            assertThat(Math.abs(predicted - slope) / Math.max(1, Math.abs(slope)))
                    .as(
                            "%s with respect to %s: gradient says %s, differences say %s",
                            graph.name(), leaf, predicted, slope)
                    .isLessThan(tolerance);
        }
    }

    /** Forward and backward halves must give what the whole gives. */
    private void checkHalves(Graph joint, Map<String, Tensor> all, Map<String, Tensor> gradients) {
        TwoPhase halves = TwoPhase.of(joint);
        CompileOptions options = EXACT.lenient();
        Map<String, Tensor> between = new HashMap<>();
        try (Session forward = new ReferenceEngine().compile(halves.forward(), Weights.of(weights), options);
                Session backward = new ReferenceEngine().compile(halves.backward(), Weights.of(weights), options)) {
            forward.run(only(all, halves.forward())).forEach((name, t) -> between.put(name, copy(t)));
            between.putAll(all);
            backward.run(only(between, halves.backward())).forEach((name, t) -> assertThat(dot(t, t))
                    .as("half of %s", name)
                    .isEqualTo(dot(gradients.get(name), gradients.get(name))));
        }
    }

    private static Map<String, Tensor> only(Map<String, Tensor> given, Graph graph) {
        Map<String, Tensor> wanted = new HashMap<>();
        graph.inputs().keySet().forEach(name -> wanted.put(name, given.get(name)));
        return wanted;
    }

    private double along(Tensor at, Tensor direction, double step, Map<String, Tensor> cotangents) {
        for (long i = 0; i < at.size(); i++) {
            at.set(i, at.get(i) + step * direction.get(i));
        }
        double sum = 0;
        try (Session session = new ReferenceEngine().compile(graph, Weights.of(weights), EXACT)) {
            for (var e : session.run(inputs).entrySet()) {
                sum += dot(e.getValue(), cotangents.get(e.getKey()));
            }
        }
        for (long i = 0; i < at.size(); i++) {
            at.set(i, at.get(i) - step * direction.get(i));
        }
        return sum;
    }

    private static Tensor copy(Tensor t) {
        Tensor copy = Tensor.allocate(t.dtype(), t.shape());
        copy.data().copyFrom(t.data());
        return copy;
    }

    private static double dot(Tensor a, Tensor b) {
        double sum = 0;
        for (long i = 0; i < a.size(); i++) {
            sum += a.get(i) * b.get(i);
        }
        return sum;
    }
}
