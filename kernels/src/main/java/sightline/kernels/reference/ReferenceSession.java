package sightline.kernels.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Ports;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphException;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** Runs the nodes in order and drops each value after its last use. Arrays live on the heap and are made anew. */
final class ReferenceSession implements Session {
    private final Graph graph;
    private final Map<String, Array> parameters = new HashMap<>();
    private final boolean single;
    private final Statefuls statefuls;
    private final Evaluator evaluator;
    private final Map<Node, List<Value>> lastUses;
    private final AtomicBoolean busy = new AtomicBoolean();
    private boolean closed;

    ReferenceSession(Graph graph, Weights weights, CompileOptions options) {
        if (!graph.isBound()) {
            throw new GraphException(graph.name() + " has named dimensions that the options do not bind");
        }
        this.graph = graph;
        this.single = options.precision() == DType.F32;
        this.statefuls = new Statefuls(options.communicator());
        this.evaluator = new Evaluator(statefuls, single);
        this.lastUses = lastUses(graph);
        Map<Value, List<Node>> uses = graph.uses();
        graph.parameters().forEach((name, value) -> {
            if (uses.containsKey(value) || graph.outputs().containsValue(value)) {
                Tensor stored = weights.find(name).orElseThrow();
                Array array = Array.copyOf(stored);
                array = value.dtype().isReal() ? array.as(value.dtype()) : array;
                array.round(single);
                parameters.put(name, array);
            }
        });
    }

    private static Map<Node, List<Value>> lastUses(Graph graph) {
        Map<Value, Node> last = new HashMap<>();
        for (Node node : graph.nodes()) {
            node.outputs().forEach(value -> last.put(value, node));
            node.inputs().forEach(value -> last.put(value, node));
        }
        graph.outputs().values().forEach(last::remove);
        Map<Node, List<Value>> dead = new HashMap<>();
        last.forEach((value, node) ->
                dead.computeIfAbsent(node, n -> new ArrayList<>()).add(value));
        return dead;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, value) -> {
            DType dtype = value.dtype() == DType.F32 && !single ? DType.F64 : value.dtype();
            outputs.put(name, Tensor.allocate(dtype, value.shape().toArray()));
        });
        run(inputs, outputs);
        return outputs;
    }

    @Override
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("The session is already running on another thread");
        }
        try {
            if (closed) {
                throw new IllegalStateException("The session is closed");
            }
            Ports.inputs(graph.inputs(), inputs, true);
            Ports.outputs(graph.outputs(), outputs, true);
            Map<Value, Array> values = evaluate(inputs);
            outputs.forEach((name, tensor) -> values.get(graph.output(name)).copyTo(tensor));
            statefuls.commit();
        } finally {
            statefuls.abandon();
            busy.set(false);
        }
    }

    private Map<Value, Array> evaluate(Map<String, Tensor> inputs) {
        Map<Value, Array> values = new HashMap<>();
        for (Node node : graph.nodes()) {
            List<Array> made =
                    switch (node.op()) {
                        case Source.Input input -> List.of(given(inputs.get(input.name()), node.output()));
                        case Source.Parameter parameter ->
                            parameters.containsKey(parameter.name())
                                    ? List.of(parameters.get(parameter.name()))
                                    : List.of();
                        default -> evaluator.run(node, operands(node, values));
                    };
            for (int i = 0; i < made.size(); i++) {
                values.put(node.outputs().get(i), made.get(i));
            }
            lastUses.getOrDefault(node, List.of()).forEach(values::remove);
        }
        return values;
    }

    private List<Array> operands(Node node, Map<Value, Array> values) {
        return node.inputs().stream().map(values::get).toList();
    }

    private Array given(Tensor tensor, Value port) {
        Array array = Array.copyOf(tensor);
        array = port.dtype().isReal() ? array.as(port.dtype()) : array;
        array.round(single);
        return array;
    }

    @Override
    public Tensor state(String name) {
        Array array = statefuls.state(name);
        if (array == null) {
            throw new EngineException("There is no state " + name + " yet");
        }
        DType dtype = array.dtype == DType.F32 && !single ? DType.F64 : array.dtype;
        long[] shape = new long[array.rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = array.shape[i];
        }
        Tensor copy = Tensor.allocate(dtype, shape);
        array.copyTo(copy);
        return copy;
    }

    @Override
    public void resetState() {
        statefuls.reset();
    }

    @Override
    public void close() {
        closed = true;
    }
}
