package sightline.kernels.onnx;

import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.Segments.Segment;
import sightline.kernels.reference.HostNodes;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** A segment that Java runs. Values that stay inside have buffers of their own. */
final class HostStep implements Step {
    private final Segment segment;
    private final HostNodes host;
    private final Map<Value, Tensor> own = new HashMap<>();

    HostStep(Segment segment, HostNodes host, Weights weights, Arena arena) {
        this.segment = segment;
        this.host = host;
        for (Node node : segment.nodes()) {
            for (Value value : node.outputs()) {
                if (node.op() instanceof Source.Parameter parameter) {
                    own.put(value, weights.find(parameter.name()).orElseThrow());
                } else if (!segment.outputs().contains(value)) {
                    own.put(
                            value,
                            Tensor.allocate(arena, value.dtype(), value.shape().toArray()));
                }
            }
            if (node.op() instanceof Source && !(node.op() instanceof Source.Parameter)) {
                host.run(node, List.of(), List.of(own.get(node.output())));
            }
        }
    }

    @Override
    public Segment segment() {
        return segment;
    }

    @Override
    public void run(Bindings bindings) throws OrtException {
        for (Node node : segment.nodes()) {
            if (!(node.op() instanceof Source)) {
                host.run(
                        node,
                        node.inputs().stream().map(v -> tensor(v, bindings)).toList(),
                        node.outputs().stream().map(v -> tensor(v, bindings)).toList());
            }
        }
    }

    private Tensor tensor(Value value, Bindings bindings) {
        Tensor tensor = own.get(value);
        return tensor != null ? tensor : bindings.tensor(value);
    }

    @Override
    public void close() {}
}
