package sightline.kernels.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.grad.Gradients;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * A trainable network on an engine. {@link #forward} gives the outputs for the loss; {@link #backward} runs what is left of
 * the joint graph with the loss's cotangents. Where the engine cannot stop in between, the forward half is computed twice,
 * which costs a quarter of a step and saves carrying every activation out of the engine and back.
 *
 * <p>Threading: one thread at a time. Ownership: results are the sessions', valid until the next call.
 */
public final class NetworkGradient implements AutoCloseable {
    private final List<String> outputs;
    private final Halves halves;

    public NetworkGradient(Engine engine, TrainableNetwork network, int threads) {
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads);
        Set<String> late = network.joint().inputs().keySet().stream()
                .filter(name -> name.startsWith(Gradients.COTANGENT))
                .collect(Collectors.toUnmodifiableSet());
        this.outputs = network.outputs();
        this.halves = engine.compileSplit(network.joint(), Weights.none(), options, late)
                .<Halves>map(Stopped::new)
                .orElseGet(() -> new Twice(engine, network, options));
    }

    /** The two halves of a step. */
    private interface Halves extends AutoCloseable {
        Tensor input(String name);

        Map<String, Tensor> begin();

        Map<String, Tensor> finish();

        @Override
        void close();
    }

    /** One session that stops in between. */
    private record Stopped(SplitSession session) implements Halves {
        @Override
        public Tensor input(String name) {
            return session.input(name);
        }

        @Override
        public Map<String, Tensor> begin() {
            return session.begin();
        }

        @Override
        public Map<String, Tensor> finish() {
            return session.finish();
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** Two sessions, of which the second computes everything. */
    private static final class Twice implements Halves {
        private final Session forward;
        private final Session joint;
        private final Map<String, Tensor> inputs = new HashMap<>();

        Twice(Engine engine, TrainableNetwork network, CompileOptions options) {
            this.forward = engine.compile(network.forward(), Weights.none(), options);
            this.joint = engine.compile(network.joint(), Weights.none(), options);
            joint.graph()
                    .inputs()
                    .forEach((name, value) -> inputs.put(
                            name, Tensor.allocate(value.dtype(), value.shape().toArray())));
        }

        @Override
        public Tensor input(String name) {
            Tensor tensor = inputs.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("no input " + name);
            }
            return tensor;
        }

        @Override
        public Map<String, Tensor> begin() {
            Map<String, Tensor> wanted = new HashMap<>();
            forward.graph().inputs().keySet().forEach(name -> wanted.put(name, inputs.get(name)));
            return forward.run(wanted);
        }

        @Override
        public Map<String, Tensor> finish() {
            return joint.run(inputs);
        }

        @Override
        public void close() {
            forward.close();
            joint.close();
        }
    }

    /** The tensor of an input, cotangents included, to be filled in place. */
    public Tensor input(String name) {
        return halves.input(name);
    }

    /** The tensor through which the loss speaks of an output. */
    public Tensor cotangent(String output) {
        return input(Gradients.COTANGENT + output);
    }

    /** Runs the network on its inputs with these parameters. */
    public Map<String, Tensor> forward(Parameters parameters) {
        for (Parameter p : parameters.list()) {
            Arrays32.put(p.values(), input(TrainableNetwork.PARAMETER + p.name()));
        }
        return halves.begin();
    }

    /** Gradients by parameter and statistics by name, of the inputs and parameters of the last {@link #forward}. */
    public ShardResult backward(Map<String, Double> losses) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        Map<String, float[]> statistics = new LinkedHashMap<>();
        halves.finish().forEach((name, tensor) -> {
            String gradient = Gradients.GRADIENT + TrainableNetwork.PARAMETER;
            if (name.startsWith(gradient)) {
                gradients.put(name.substring(gradient.length()), Arrays32.get(tensor));
            } else if (name.startsWith(TrainableNetwork.STATISTIC)) {
                statistics.put(name.substring(TrainableNetwork.STATISTIC.length()), Arrays32.get(tensor));
            }
        });
        return new ShardResult(losses, gradients, statistics);
    }

    /** Names of the outputs for the loss. */
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public void close() {
        halves.close();
    }
}
