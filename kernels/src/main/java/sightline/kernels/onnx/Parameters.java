package sightline.kernels.onnx;

import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** Parameters as a model declares them: the stored tensor itself where type and alignment allow, else a copy. */
final class Parameters {
    private Parameters() {}

    static Map<String, Tensor> of(Map<String, TensorType> declared, Weights weights, Arena arena) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        declared.forEach((name, type) -> {
            Tensor stored = weights.find(name).orElseThrow();
            boolean aligned = stored.data().isNative()
                    && stored.data().address() % stored.dtype().bytes() == 0;
            tensors.put(name, stored.dtype() == type.dtype() && aligned ? stored : stored.to(type.dtype(), arena));
        });
        return tensors;
    }
}
