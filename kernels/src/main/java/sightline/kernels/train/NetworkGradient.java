package sightline.kernels.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.grad.Gradients;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * A trainable network on an engine. {@link #forward} gives the outputs for the loss; {@link #backward} runs the joint
 * graph with the loss's cotangents. The forward half is computed twice, which costs a quarter of a step and saves
 * carrying every activation out of the engine and back.
 *
 * <p>Threading: one thread at a time. Ownership: results are the sessions', valid until the next call.
 */
public final class NetworkGradient implements AutoCloseable {
    private final Session forward;
    private final Session joint;
    private final List<String> outputs;
    private final Map<String, Tensor> inputs = new HashMap<>();

    public NetworkGradient(Engine engine, TrainableNetwork network, int threads) {
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads);
        this.forward = engine.compile(network.forward(), Weights.none(), options);
        this.joint = engine.compile(network.joint(), Weights.none(), options);
        this.outputs = network.outputs();
        joint.graph()
                .inputs()
                .forEach((name, value) -> inputs.put(
                        name, Tensor.allocate(value.dtype(), value.shape().toArray())));
    }

    /** The tensor of an input, cotangents included, to be filled in place. */
    public Tensor input(String name) {
        Tensor tensor = inputs.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no input " + name);
        }
        return tensor;
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
        Map<String, Tensor> wanted = new HashMap<>();
        forward.graph().inputs().keySet().forEach(name -> wanted.put(name, inputs.get(name)));
        return forward.run(wanted);
    }

    /** Gradients by parameter and statistics by name, of the inputs and parameters of the last {@link #forward}. */
    public ShardResult backward(Map<String, Double> losses) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        Map<String, float[]> statistics = new LinkedHashMap<>();
        joint.run(inputs).forEach((name, tensor) -> {
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
        forward.close();
        joint.close();
    }
}
