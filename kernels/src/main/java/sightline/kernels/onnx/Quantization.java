package sightline.kernels.onnx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * Which convolutions run in eight bits, with the ranges of their images: weights symmetric int8 by output channel, images
 * asymmetric uint8 as a whole, ranges from sample inputs.
 */
final class Quantization {
    /** No convolution at all. */
    static final Quantization NONE = new Quantization(Map.of(), Map.of(), Weights.none());

    private final Map<Node, Value> ends;
    private final Map<Value, Range> ranges;
    private final Weights weights;

    private Quantization(Map<Node, Value> ends, Map<Value, Range> ranges, Weights weights) {
        this.ends = ends;
        this.ranges = ranges;
        this.weights = weights;
    }

    /** What an image's elements lie between; zero is always inside, so that padding is exact. */
    record Range(double low, double high) {
        double scale() {
            return Math.max((high - low) / 255, 1e-9);
        }

        int zero() {
            return Math.clamp(Math.round(-low / scale()), 0, 255);
        }

        private Range cover(double value) {
            return new Range(Math.min(low, value), Math.max(high, value));
        }
    }

    /** Runs the prepared graph on the samples and notes the extremes on both sides of each convolution. */
    static Quantization calibrate(Graph graph, Weights weights, List<Map<String, Tensor>> samples) {
        Map<Node, Value> ends = ends(graph);
        Map<Value, String> watched = new LinkedHashMap<>();
        ends.forEach((conv, end) -> {
            watched.putIfAbsent(conv.input(0), "at" + watched.size());
            watched.putIfAbsent(end, "at" + watched.size());
        });
        GraphBuilder g = GraphBuilder.extending(graph);
        watched.forEach((value, name) -> {
            g.output(name + "low", g.reduce(Reduction.Kind.MIN, value, false, 0, 1, 2, 3));
            g.output(name + "high", g.reduce(Reduction.Kind.MAX, value, false, 0, 1, 2, 3));
        });
        Map<Value, Range> ranges = new HashMap<>();
        try (Session session = new OnnxEngine().compile(g.build(), weights, CompileOptions.DEFAULT.lenient())) {
            for (Map<String, Tensor> sample : samples) {
                Map<String, Tensor> extremes = session.run(sample);
                watched.forEach((value, name) -> ranges.merge(
                        value,
                        new Range(0, 0)
                                .cover(extremes.get(name + "low").get(0))
                                .cover(extremes.get(name + "high").get(0)),
                        (a, b) -> a.cover(b.low).cover(b.high)));
            }
        }
        return new Quantization(ends, ranges, weights);
    }

    /** Convolutions with stored weights, each with the value where its result is narrowed: after a ReLU, if one follows. */
    private static Map<Node, Value> ends(Graph graph) {
        Map<Value, List<Node>> uses = graph.uses();
        Map<Node, Value> ends = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Convolution.Conv2d
                    && node.inputs().size() == 3
                    && node.inputs().subList(1, 3).stream()
                            .allMatch(v -> v.node().op() instanceof Source.Parameter)) {
                List<Node> readers = uses.getOrDefault(node.output(), List.of());
                boolean rectified = readers.size() == 1
                        && readers.getFirst().op() instanceof Elementwise.Unary unary
                        && (unary.function() == Elementwise.Function.RELU
                                || unary.function() == Elementwise.Function.RELU6);
                ends.put(node, rectified ? readers.getFirst().output() : node.output());
            }
        }
        return ends;
    }

    boolean covers(Node conv) {
        return ends.containsKey(conv);
    }

    /** Whether this value is the narrowed end of a convolution. */
    boolean ends(Value value) {
        return ends.containsValue(value);
    }

    Range range(Value value) {
        return ranges.get(value);
    }

    Tensor stored(Value parameter) {
        return weights.find(((Source.Parameter) parameter.node().op()).name()).orElseThrow();
    }
}
