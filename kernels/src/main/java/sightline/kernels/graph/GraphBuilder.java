package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/**
 * Writes a graph. A builder is a view: {@link #in} gives another one that writes into the same graph with a longer
 * scope, and scopes name parameters, so that code which walks a network's modules produces the official state-dict keys.
 *
 * <pre>{@code
 * GraphBuilder g = GraphBuilder.named("tiny");
 * Value x = g.input("image", Shape.of(1, 3, 64, 64));
 * GraphBuilder stem = g.in("backbone", "input_stem", 0);
 * x = stem.in("conv").conv2d(x, Conv.of(16, 3).stride(2));     // backbone.input_stem.0.conv.weight
 * x = stem.in("norm").batchNorm(x, 1e-5);
 * g.output("feature", g.relu(x));
 * Graph graph = g.build();
 * }</pre>
 *
 * <p>Operations without parameters come from the families' interfaces; layers, which declare parameters, from {@link
 * Layers}. Not thread-safe.
 */
public final class GraphBuilder implements Arithmetics, Shaping, Imaging, Layers {
    private final Writing writing;
    private final String scope;

    /** What all views share. */
    private static final class Writing {
        final String name;
        final List<Node> nodes = new ArrayList<>();
        final Set<Node> known = new HashSet<>();
        final Map<String, Value> named = new LinkedHashMap<>();
        final Map<String, Value> outputs = new LinkedHashMap<>();
        int nextId;

        Writing(String name) {
            this.name = name;
        }
    }

    private GraphBuilder(Writing writing, String scope) {
        this.writing = writing;
        this.scope = scope;
    }

    /** An empty graph. */
    public static GraphBuilder named(String name) {
        return new GraphBuilder(new Writing(name), "");
    }

    /**
     * A builder that goes on from {@code graph}: its values may be used as operands, its outputs are kept unless an
     * output of the same name is given. How a gradient is written.
     */
    public static GraphBuilder extending(Graph graph) {
        GraphBuilder builder = named(graph.name());
        for (Node node : graph.nodes()) {
            builder.register(node);
        }
        builder.writing.outputs.putAll(graph.outputs());
        return builder;
    }

    /** A view whose scope is longer by these parts, joined with dots: {@code in("stages", 0)}. */
    public GraphBuilder in(Object... parts) {
        StringBuilder longer = new StringBuilder(scope);
        for (Object part : parts) {
            longer.append(longer.isEmpty() ? "" : ".").append(part);
        }
        return new GraphBuilder(writing, longer.toString());
    }

    /** A view without scope, whose parameter names are taken as they are. */
    public GraphBuilder root() {
        return new GraphBuilder(writing, "");
    }

    /** The current scope, without a trailing dot. */
    public String scope() {
        return scope;
    }

    /** A float32 input of every run. Input names are not scoped. */
    public Value input(String name, Shape shape) {
        return input(name, DType.F32, shape);
    }

    public Value input(String name, DType dtype, Shape shape) {
        return single(new Source.Input(name, new TensorType(dtype, shape)));
    }

    /** A learned float32 parameter, named {@code scope.name}. The same name and shape give the same value. */
    @Override
    public Value parameter(String name, long... shape) {
        return declare(name, new TensorType(DType.F32, Shape.of(shape)), Source.Role.WEIGHT);
    }

    /** A stored tensor that is not learned, named {@code scope.name}. */
    @Override
    public Value buffer(String name, DType dtype, long... shape) {
        return declare(name, new TensorType(dtype, Shape.of(shape)), Source.Role.BUFFER);
    }

    private Value declare(String name, TensorType type, Source.Role role) {
        String full = scope.isEmpty() ? name : scope + "." + name;
        Value value = writing.named.get("parameter " + full);
        if (value == null) {
            return single(new Source.Parameter(full, type, role));
        }
        GraphException.require(
                value.type().equals(type), "Parameter %s is declared as %s and as %s", full, value.type(), type);
        return value;
    }

    /** A literal; the tensor must not be written to afterwards. */
    public Value constant(Tensor tensor) {
        return single(new Source.Constant(tensor));
    }

    @Override
    public Value single(Op op, Value... operands) {
        return apply(op, List.of(operands)).getFirst();
    }

    @Override
    public List<Value> apply(Op op, List<Value> operands) {
        for (Value operand : operands) {
            GraphException.require(
                    writing.known.contains(operand.node()),
                    "%s belongs to another graph than %s",
                    operand,
                    writing.name);
        }
        Value declared = writing.named.get(key(op));
        if (declared != null && declared.node().op().equals(op)) {
            return declared.node().outputs();
        }
        List<TensorType> types;
        try {
            types = op.infer(operands.stream().map(Value::type).toList());
        } catch (GraphException failure) {
            throw scope.isEmpty() ? failure : new GraphException(scope + ": " + failure.getMessage());
        }
        Node node = new Node(writing.nextId, scope, op, operands, types);
        register(node);
        return node.outputs();
    }

    private void register(Node node) {
        String key = key(node.op());
        if (!key.isEmpty()) {
            GraphException.require(
                    writing.named.putIfAbsent(key, node.output()) == null, "%s: %s twice", writing.name, key);
        }
        writing.nodes.add(node);
        writing.known.add(node);
        writing.nextId = Math.max(writing.nextId, node.id()) + 1;
    }

    /** What must be unique in a graph, or nothing. */
    private static String key(Op op) {
        return switch (op) {
            case Source.Input input -> "input " + input.name();
            case Source.Parameter parameter -> "parameter " + parameter.name();
            default -> "";
        };
    }

    /** Names a result of the graph; a second value of the same name replaces the first. */
    public void output(String name, Value value) {
        GraphException.require(writing.known.contains(value.node()), "%s belongs to another graph", value);
        writing.outputs.put(name, value);
    }

    /**
     * Writes the nodes of another graph into this one and returns what became of each value. Inputs and parameters keep
     * their names unless the rewriting maps them to something else.
     */
    public Map<Value, Value> absorb(Graph graph, Graph.Rewriting rewriting) {
        Map<Value, Value> image = new HashMap<>();
        for (Node node : graph.nodes()) {
            List<Value> operands = node.inputs().stream().map(image::get).toList();
            List<Value> made = rewriting.replace(node, operands, new GraphBuilder(writing, node.scope()));
            for (int i = 0; i < Math.min(made.size(), node.outputs().size()); i++) {
                image.put(node.outputs().get(i), made.get(i));
            }
        }
        return image;
    }

    /** The graph as written so far, without nodes that nothing needs. */
    public Graph build() {
        GraphException.require(!writing.outputs.isEmpty(), "%s has no outputs", writing.name);
        Set<Node> needed = new HashSet<>();
        writing.outputs.values().forEach(value -> needed.add(value.node()));
        for (Node node : writing.nodes.reversed()) {
            boolean root = node.op() instanceof Source.Parameter
                    || node.op() instanceof Source.Input
                    || node.op() instanceof Stateful.WriteState;
            if (root || needed.contains(node)) {
                needed.add(node);
                node.inputs().forEach(value -> needed.add(value.node()));
            }
        }
        return new Graph(
                writing.name, writing.nodes.stream().filter(needed::contains).toList(), writing.outputs);
    }
}
