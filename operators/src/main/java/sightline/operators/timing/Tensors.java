package sightline.operators.timing;

import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.tensor.Tensor;

/** Outputs that outlive the next run. */
final class Tensors {
    private Tensors() {}

    static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
            copy.copyFrom(tensor);
            copies.put(name, copy);
        });
        return copies;
    }
}
