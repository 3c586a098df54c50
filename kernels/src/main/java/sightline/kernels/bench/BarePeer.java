package sightline.kernels.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import sightline.kernels.graph.Graph;
import sightline.kernels.onnx.NativeCalls;
import sightline.kernels.onnx.RuntimeEnvironment;
import sightline.kernels.tensor.Tensor;

/**
 * A bare ONNX Runtime session on an exported file, as a user of the runtime would write it, with bound float32 I/O. Inputs
 * and outputs stay the caller's and must outlive it. One thread at a time.
 */
public final class BarePeer implements AutoCloseable {
    private final OrtSession session;
    private final Map<String, OnnxTensorLike> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    /**
     * @param in tensors that every run reads
     * @param out tensors that every run writes
     * @param threads of one run
     * @param spin whether idle threads wait busily
     */
    public BarePeer(Path file, Graph graph, Map<String, Tensor> in, Map<String, Tensor> out, int threads, boolean spin)
            throws OrtException {
        OrtEnvironment environment = RuntimeEnvironment.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.addConfigEntry("session.intra_op.allow_spinning", spin ? "1" : "0");
            session = environment.createSession(file.toString(), options);
        }
        for (String name : graph.inputs().keySet()) {
            inputs.put(name, floats(environment, in.get(name)));
        }
        for (String name : graph.outputs().keySet()) {
            outputs.put(name, floats(environment, out.get(name)));
        }
    }

    private static OnnxTensor floats(OrtEnvironment environment, Tensor tensor) throws OrtException {
        return OnnxTensor.createTensor(
                environment,
                tensor.data().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(),
                tensor.shape());
    }

    public void run() throws OrtException {
        NativeCalls.get().enter();
        try {
            session.run(inputs, outputs).close();
        } finally {
            NativeCalls.get().leave();
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
        inputs.values().forEach(OnnxTensorLike::close);
        outputs.values().forEach(OnnxTensor::close);
    }
}
