package sightline.kernels.lowering;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * Inference batch norms merged into the convolutions before them: {@code w' = w·γ/√(σ²+ε)}, {@code b' = β +
 * (b-μ)·γ/√(σ²+ε)}, computed in double. A norm is merged where the convolution's weights are a parameter and nothing else
 * reads its output. Parameters that are no longer read leave the graph.
 */
public final class BatchNormFolding {
    private final Graph graph;
    private final Weights weights;
    private final Arena arena;
    private final Map<Value, List<Node>> uses;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private BatchNormFolding(Graph graph, Weights weights, Arena arena) {
        this.graph = graph;
        this.weights = weights;
        this.arena = arena;
        this.uses = graph.uses();
    }

    /** A graph with its weights: those that were merged lie in the given arena, the others are the original views. */
    public record Folded(Graph graph, Weights weights) {}

    public static Folded fold(Graph graph, Weights weights, Arena arena) {
        return new BatchNormFolding(graph, weights, arena).fold();
    }

    private Folded fold() {
        Set<Value> read = new HashSet<>(graph.outputs().values());
        for (Node node : graph.nodes()) {
            if (isFoldable(node)) {
                read.addAll(node.input(0).node().inputs().subList(0, 1));
            } else if (!isMerged(node)) {
                read.addAll(node.inputs());
            }
        }
        Graph folded = graph.rewrite((node, in, g) -> {
            if (isFoldable(node)) {
                return merge(node, in.getFirst(), g);
            }
            if (isMerged(node)) {
                // The image goes through to the norm, which then makes the convolution.
                return in.subList(0, 1);
            }
            if (node.op() instanceof Source.Parameter parameter) {
                if (!read.contains(node.output())) {
                    return List.of();
                }
                weights.find(parameter.name()).ifPresent(tensor -> tensors.put(parameter.name(), tensor));
            }
            return g.apply(node.op(), in);
        });
        return new Folded(folded, Weights.of(tensors));
    }

    private boolean isFoldable(Node node) {
        if (!(node.op() instanceof Norm.BatchNorm norm) || norm.training()) {
            return false;
        }
        Node conv = node.input(0).node();
        return conv.op() instanceof Convolution
                && conv.inputs().subList(1, conv.inputs().size()).stream().allMatch(BatchNormFolding::isParameter)
                && node.inputs().subList(1, 5).stream().allMatch(BatchNormFolding::isParameter)
                && uses.get(conv.output()).size() == 1
                && uses.get(conv.input(1)).size() == 1
                && !graph.outputs().containsValue(conv.output());
    }

    /** A convolution whose only reader is a norm that takes it in. */
    private boolean isMerged(Node node) {
        List<Node> readers = node.op() instanceof Convolution ? uses.getOrDefault(node.output(), List.of()) : List.of();
        return readers.size() == 1 && isFoldable(readers.getFirst());
    }

    private static boolean isParameter(Value value) {
        return value.node().op() instanceof Source.Parameter;
    }

    private Tensor stored(Value value) {
        return weights.find(((Source.Parameter) value.node().op()).name()).orElseThrow();
    }

    private List<Value> merge(Node node, Value x, GraphBuilder g) {
        Norm.BatchNorm norm = (Norm.BatchNorm) node.op();
        Node conv = node.input(0).node();
        Tensor w = stored(conv.input(1));
        int channels = (int) node.output().size(1);
        double[] scale = new double[channels];
        Tensor bias = Tensor.allocate(arena, DType.F32, channels);
        for (int c = 0; c < channels; c++) {
            scale[c] = stored(node.input(1)).get(c)
                    / Math.sqrt(stored(node.input(4)).get(c) + norm.epsilon());
            double before = conv.inputs().size() > 2 ? stored(conv.input(2)).get(c) : 0;
            bias.set(
                    c,
                    stored(node.input(2)).get(c)
                            + (before - stored(node.input(3)).get(c)) * scale[c]);
        }
        Tensor merged = Tensor.allocate(arena, DType.F32, w.shape());
        boolean transpose = conv.op() instanceof Convolution.ConvTranspose2d;
        int groups = transpose ? ((Convolution.ConvTranspose2d) conv.op()).groups() : 1;
        long tap = w.dim(2) * w.dim(3);
        for (long i = 0; i < w.size(); i++) {
            long row = i / tap / w.dim(1);
            // Transposed weights are [in, out / groups, …]: the group follows from the input channel.
            long channel = transpose ? row / (w.dim(0) / groups) * w.dim(1) + i / tap % w.dim(1) : row;
            merged.set(i, w.get(i) * scale[(int) channel]);
        }
        String name = ((Source.Parameter) conv.input(1).node().op()).name();
        return g.apply(conv.op(), List.of(x, parameter(name, merged, g), parameter(name + ".merged_bias", bias, g)));
    }

    private Value parameter(String name, Tensor tensor, GraphBuilder g) {
        tensors.put(name, tensor);
        return g.root().parameter(name, tensor.shape());
    }
}
