package sightline.kernels.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.Tensor;

/** A named state tensor twice: the one a run reads and the one it writes. They change places when a run succeeds. */
final class StateBuffer implements AutoCloseable {
    private final Tensor[] tensors = new Tensor[2];
    private final OnnxTensor[] views = new OnnxTensor[2];
    private int current;

    StateBuffer(TensorType type, OrtEnvironment environment, Arena arena) throws OrtException {
        for (int i = 0; i < 2; i++) {
            tensors[i] = Tensor.allocate(arena, type.dtype(), type.shape().toArray());
            views[i] = Types.view(environment, tensors[i]);
        }
    }

    OnnxTensor now() {
        return views[current];
    }

    OnnxTensor next() {
        return views[1 - current];
    }

    Tensor tensor() {
        return tensors[current];
    }

    void swap() {
        current = 1 - current;
    }

    void clear() {
        tensors[current].data().fill((byte) 0);
    }

    @Override
    public void close() {
        for (OnnxTensor view : views) {
            view.close();
        }
    }
}
