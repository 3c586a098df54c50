package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.GraphException;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/**
 * Reverse-mode differentiation, graph to graph. The result keeps the outputs of the network, takes an input {@code
 * cotangent/NAME} for each output that is differentiated, and has an output {@code gradient/NAME} for each parameter or
 * input with respect to which it is.
 *
 * <p>All dimensions must be bound. Batch normalisation is differentiated in the meaning it has in the given graph.
 *
 * @see Graph#withTraining
 */
public final class Gradients {
    /** Prefix of the inputs through which a loss speaks. */
    public static final String COTANGENT = "cotangent/";

    /** Prefix of the outputs. */
    public static final String GRADIENT = "gradient/";

    private final GraphBuilder out;
    private final Set<Value> active = new HashSet<>();
    private final Map<Value, Cotangents> pending = new HashMap<>();

    private Gradients(GraphBuilder out) {
        this.out = out;
    }

    /** Differentiates with respect to every learned parameter. */
    public static Graph of(Graph graph, Collection<String> outputs) {
        List<String> learned = new ArrayList<>();
        graph.parameters().forEach((name, value) -> {
            if (((Source.Parameter) value.node().op()).role() == Source.Role.WEIGHT) {
                learned.add(name);
            }
        });
        return of(graph, outputs, learned);
    }

    /**
     * Differentiates with respect to these parameters or inputs.
     *
     * @throws GraphException where an operation between them and the outputs has no gradient
     */
    public static Graph of(Graph graph, Collection<String> outputs, Collection<String> withRespectTo) {
        Rules.require(graph.isBound(), graph.name() + " has open dimensions: bind it before differentiating");
        var gradients = new Gradients(GraphBuilder.extending(graph));
        return gradients.write(graph, outputs, withRespectTo);
    }

    private Graph write(Graph graph, Collection<String> outputs, Collection<String> withRespectTo) {
        Map<String, Value> leaves = new HashMap<>(graph.parameters());
        leaves.putAll(graph.inputs());
        for (String name : withRespectTo) {
            Rules.require(leaves.containsKey(name), graph.name() + " has neither parameter nor input " + name);
            active.add(leaves.get(name));
        }
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(active::contains)) {
                active.addAll(node.outputs());
            }
        }
        for (String name : outputs) {
            Value value = graph.output(name);
            add(value, out.input(COTANGENT + name, value.dtype(), value.shape()));
        }
        for (Node node : graph.nodes().reversed()) {
            pull(node);
        }
        for (String name : withRespectTo) {
            Value leaf = leaves.get(name);
            Cotangents found = pending.get(leaf);
            Value gradient = found == null ? out.fill(0, leaf.dtype(), leaf.shape()) : found.sum(out);
            out.output(GRADIENT + name, gradient);
        }
        return out.build();
    }

    private void pull(Node node) {
        boolean reached = node.outputs().stream().anyMatch(pending::containsKey);
        boolean wanted =
                !(node.op() instanceof Source) && node.inputs().stream().anyMatch(active::contains);
        if (!reached || !wanted) {
            return;
        }
        List<Value> cotangents = new ArrayList<>();
        for (Value output : node.outputs()) {
            Cotangents found = pending.remove(output);
            cotangents.add(found == null ? null : found.sum(out));
        }
        new Rules(out.in(), node, this::give).pull(cotangents);
    }

    private void give(Value value, Contribution contribution) {
        if (active.contains(value)) {
            pending.computeIfAbsent(value, v -> new Cotangents(v.shape())).add(contribution);
        }
    }

    private void add(Value value, Value cotangent) {
        give(value, new Contribution.Whole(cotangent));
    }
}
