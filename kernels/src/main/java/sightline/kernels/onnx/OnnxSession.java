package sightline.kernels.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Ports;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.Segments;
import sightline.kernels.lowering.Segments.Segment;
import sightline.kernels.reference.HostNodes;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** Segments one after the other on bound memory. All buffers are allocated when the session is made. */
final class OnnxSession implements Session {
    private final Graph declared;
    private final Graph graph;
    /** ONNX Runtime reads them where they lie, so they live as long as the session, whoever else lets go of them. */
    private final Weights weights;

    private final Arena arena;
    private final Bindings bindings;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Tensor> own = new LinkedHashMap<>();
    /** Of the weights' memory: a file that is unmapped under the runtime would end the process. */
    private final Set<MemorySegment.Scope> scopes = new HashSet<>();

    private final AtomicBoolean busy = new AtomicBoolean();
    private boolean closed;

    OnnxSession(
            Graph declared,
            Graph graph,
            Weights weights,
            CompileOptions options,
            Quantization plan,
            OrtEnvironment environment,
            Arena arena)
            throws OrtException {
        this.declared = declared;
        this.graph = graph;
        this.weights = weights;
        this.arena = arena;
        this.bindings = new Bindings(environment);
        weights.names()
                .forEach(name ->
                        scopes.add(weights.find(name).orElseThrow().data().scope()));
        try {
            HostNodes host = new HostNodes(options.communicator());
            for (Segment segment : Segments.cut(graph, Lowering::isHost)) {
                steps.add(
                        segment.host()
                                ? new HostStep(segment, host, weights, arena)
                                : new ModelStep(segment, graph.name(), weights, options, plan, environment, arena));
                for (Value value : segment.outputs()) {
                    bindings.bind(value, ModelStep.like(value, arena));
                }
            }
            for (Value value : graph.outputs().values()) {
                if (value.node().op() instanceof Source op && !(op instanceof Source.Input)) {
                    bindings.bind(value, literal(value, weights, host));
                }
            }
            for (Node node : graph.nodes()) {
                String state =
                        switch (node.op()) {
                            case Stateful.ReadState read -> read.name();
                            case Stateful.WriteState write -> write.name();
                            default -> null;
                        };
                if (state != null && !bindings.states().containsKey(state)) {
                    bindings.states().put(state, new StateBuffer(node.output().type(), environment, arena));
                }
            }
            for (String name : graph.outputs().keySet()) {
                own.put(name, ModelStep.like(graph.output(name), arena));
            }
        } catch (OrtException | RuntimeException failure) {
            release();
            throw failure;
        }
    }

    /** An output that no segment computes, since it is a parameter or a literal. */
    private Tensor literal(Value value, Weights weights, HostNodes host) {
        if (value.node().op() instanceof Source.Parameter parameter) {
            return weights.find(parameter.name()).orElseThrow().to(value.dtype(), arena);
        }
        Tensor tensor = ModelStep.like(value, arena);
        host.run(value.node(), List.of(), List.of(tensor));
        return tensor;
    }

    @Override
    public Graph graph() {
        return declared;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        run(inputs, own);
        return Collections.unmodifiableMap(own);
    }

    @Override
    public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("The session is already running on another thread");
        }
        NativeCalls.get().enter();
        try {
            if (closed) {
                throw new IllegalStateException("The session is closed");
            }
            if (!scopes.stream().allMatch(MemorySegment.Scope::isAlive)) {
                throw new IllegalStateException("The weights of " + graph.name() + " were closed before its session");
            }
            Ports.inputs(graph.inputs(), inputs, false);
            Ports.outputs(graph.outputs(), outputs, false);
            for (var input : inputs.entrySet()) {
                bindings.bind(graph.inputs().get(input.getKey()), input.getValue());
            }
            for (var output : outputs.entrySet()) {
                if (isComputed(graph.output(output.getKey()))) {
                    bindings.bind(graph.output(output.getKey()), output.getValue());
                }
            }
            for (Step step : steps) {
                step.run(bindings);
            }
            // A value that is an input, or serves under two names, has one place: the others get copies.
            outputs.forEach((name, tensor) -> {
                Tensor computed = bindings.tensor(graph.output(name));
                if (computed != tensor) {
                    tensor.copyFrom(computed);
                }
            });
            bindings.states().values().forEach(StateBuffer::swap);
        } catch (OrtException failure) {
            throw new EngineException(graph.name() + " failed: " + failure.getMessage(), failure);
        } finally {
            Reference.reachabilityFence(weights);
            NativeCalls.get().leave();
            busy.set(false);
        }
    }

    private static boolean isComputed(Value value) {
        return !value.node().inputs().isEmpty();
    }

    @Override
    public Tensor state(String name) {
        StateBuffer state = bindings.state(name);
        if (state == null) {
            throw new EngineException(
                    "There is no state " + name + ", only " + bindings.states().keySet());
        }
        Tensor copy = Tensor.allocate(state.tensor().dtype(), state.tensor().shape());
        copy.copyFrom(state.tensor());
        return copy;
    }

    @Override
    public void resetState() {
        bindings.states().values().forEach(StateBuffer::clear);
    }

    @Override
    public void close() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("The session is running");
        }
        try {
            if (!closed) {
                closed = true;
                release();
                arena.close();
            }
        } finally {
            busy.set(false);
        }
    }

    private void release() {
        bindings.close();
        for (Step step : steps) {
            try {
                step.close();
            } catch (OrtException failure) {
                throw new EngineException("A session of " + graph.name() + " did not close", failure);
            }
        }
    }
}
