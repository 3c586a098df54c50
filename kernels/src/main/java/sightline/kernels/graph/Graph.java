package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network: nodes in topological order, named inputs, parameters and outputs. Immutable and free of weights, so one
 * graph may be compiled by many engines at once. Only nodes that an output, a state write or the parameter list needs
 * are kept.
 */
public final class Graph {
    private final String name;
    private final List<Node> nodes;
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Map<String, Value> parameters = new LinkedHashMap<>();
    private final Map<String, Value> outputs;

    Graph(String name, List<Node> nodes, Map<String, Value> outputs) {
        this.name = name;
        this.nodes = List.copyOf(nodes);
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        for (Node node : nodes) {
            if (node.op() instanceof Source.Input input) {
                inputs.put(input.name(), node.output());
            } else if (node.op() instanceof Source.Parameter parameter) {
                parameters.put(parameter.name(), node.output());
            }
        }
    }

    public String name() {
        return name;
    }

    /** Every node after those it takes its inputs from. */
    public List<Node> nodes() {
        return nodes;
    }

    /** Inputs by name, in the order of their declaration. */
    public Map<String, Value> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /** Parameters by their state-dict key, in the order of their declaration, buffers included. */
    public Map<String, Value> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Outputs by name, in the order of their declaration. */
    public Map<String, Value> outputs() {
        return outputs;
    }

    public Value output(String output) {
        Value value = outputs.get(output);
        GraphException.require(value != null, "%s has no output %s, only %s", name, output, outputs.keySet());
        return value;
    }

    /** Number of learned parameters; buffers such as running statistics are not counted. */
    public long parameterCount() {
        return parameters.values().stream()
                .filter(v -> ((Source.Parameter) v.node().op()).role() == Source.Role.WEIGHT)
                .mapToLong(v -> v.shape().elements())
                .sum();
    }

    /** Multiply-accumulates of convolutions and matrix products in one run; all shapes must be known. */
    public long macs() {
        return nodes.stream().mapToLong(Node::macs).sum();
    }

    /** Nodes that use each value; an output of the graph is no use. */
    public Map<Value, List<Node>> uses() {
        Map<Value, List<Node>> uses = new HashMap<>();
        for (Node node : nodes) {
            for (Value input : node.inputs()) {
                uses.computeIfAbsent(input, v -> new ArrayList<>()).add(node);
            }
        }
        return uses;
    }

    /** True when no named dimension is left. */
    public boolean isBound() {
        return nodes.stream().flatMap(n -> n.outputs().stream()).allMatch(v -> v.shape()
                .isKnown());
    }

    /** This graph with named dimensions fixed: one bucket of a family of sizes. Shapes are inferred and checked anew. */
    public Graph bind(Map<String, Long> lengths) {
        return rewrite((node, operands, out) -> out.apply(node.op().bind(lengths), operands));
    }

    /** This graph with every batch normalisation given its training or its inference meaning. */
    public Graph withTraining(boolean training) {
        return rewrite((node, operands, out) -> out.apply(
                node.op() instanceof Norm.BatchNorm norm ? norm.withTraining(training) : node.op(), operands));
    }

    /**
     * A new graph from this one, node by node. The rewriting receives each node with its operands already rewritten and
     * returns what replaces the node's outputs (at least as many values as are used).
     */
    public Graph rewrite(Rewriting rewriting) {
        GraphBuilder out = GraphBuilder.named(name);
        Map<Value, Value> image = out.absorb(this, rewriting);
        outputs.forEach((key, value) -> out.output(key, image.get(value)));
        return out.build();
    }

    /** A node-by-node replacement. */
    @FunctionalInterface
    public interface Rewriting {
        List<Value> replace(Node node, List<Value> operands, GraphBuilder out);
    }

    /** Sum of the sizes of these values, for memory estimates. */
    public static long bytes(Collection<Value> values) {
        return values.stream()
                .mapToLong(v -> v.shape().elements() * v.dtype().bytes())
                .sum();
    }

    /** One line a node; equal graphs print equally. */
    @Override
    public String toString() {
        return GraphPrinter.print(this);
    }
}
