package sightline.kernels.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.Segments.Segment;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** A segment that ONNX Runtime runs, with its inputs and outputs bound to memory of ours. */
final class ModelStep implements Step {
    private final Segment segment;
    private final List<OnnxTensor> parameters = new ArrayList<>();
    private final List<String> reads = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();
    private final OrtSession session;

    ModelStep(
            Segment segment,
            String name,
            Weights weights,
            CompileOptions how,
            Quantization plan,
            OrtEnvironment environment,
            Arena arena)
            throws OrtException {
        this.segment = segment;
        ModelWriter model = Lowering.write(segment, name, Value::label, plan);
        Map<String, OnnxTensorLike> external = new HashMap<>();
        for (var entry : Parameters.of(model.externals(), weights, arena).entrySet()) {
            OnnxTensor view = Types.view(environment, entry.getValue());
            parameters.add(view);
            external.put(entry.getKey(), view);
        }
        for (Node node : segment.nodes()) {
            if (node.op() instanceof Stateful.ReadState read) {
                reads.add(read.name());
            } else if (node.op() instanceof Stateful.WriteState write) {
                writes.add(write.name());
            }
        }
        try (OrtSession.SessionOptions options = options(how.threads(), how.spinning())) {
            options.addExternalInitializers(external);
            session = environment.createSession(model.withoutParameters(), options);
        }
    }

    private static OrtSession.SessionOptions options(int threads, boolean spinning) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        return options;
    }

    @Override
    public Segment segment() {
        return segment;
    }

    @Override
    public void run(Bindings bindings) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        Map<String, OnnxTensor> outputs = new HashMap<>();
        for (Value value : segment.inputs()) {
            inputs.put(value.label(), bindings.view(value));
        }
        for (Value value : segment.outputs()) {
            outputs.put(value.label(), bindings.view(value));
        }
        for (String name : reads) {
            inputs.put("read:" + name, bindings.state(name).now());
        }
        for (String name : writes) {
            outputs.put("write:" + name, bindings.state(name).next());
        }
        session.run(inputs, outputs).close();
    }

    @Override
    public void close() throws OrtException {
        session.close();
        parameters.forEach(OnnxTensor::close);
    }

    static Tensor like(Value value, Arena arena) {
        return Tensor.allocate(arena, value.dtype(), value.shape().toArray());
    }
}
