package sightline.kernels.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.HashMap;
import java.util.Map;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;

/** The memory behind each value that crosses a segment's border. A view is made again only when the memory changes. */
final class Bindings implements AutoCloseable {
    private record Bound(Tensor tensor, OnnxTensor view) {}

    private final OrtEnvironment environment;
    private final Map<Value, Bound> bound = new HashMap<>();
    private final Map<String, StateBuffer> states = new HashMap<>();

    Bindings(OrtEnvironment environment) {
        this.environment = environment;
    }

    void bind(Value value, Tensor tensor) throws OrtException {
        Bound before = bound.get(value);
        if (before != null) {
            if (before.tensor == tensor) {
                return;
            }
            before.view.close();
        }
        bound.put(value, new Bound(tensor, Types.view(environment, tensor)));
    }

    Tensor tensor(Value value) {
        return bound.get(value).tensor;
    }

    OnnxTensor view(Value value) {
        return bound.get(value).view;
    }

    Map<String, StateBuffer> states() {
        return states;
    }

    StateBuffer state(String name) {
        return states.get(name);
    }

    @Override
    public void close() {
        bound.values().forEach(b -> b.view.close());
        states.values().forEach(StateBuffer::close);
    }
}
