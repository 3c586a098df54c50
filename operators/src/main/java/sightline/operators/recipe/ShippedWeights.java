package sightline.operators.recipe;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.SafetensorsWriter;

/** Trained weights as they ship: kernels in half precision, norms, statistics and biases in float32. */
public final class ShippedWeights {
    private ShippedWeights() {}

    /** Writes what a network declares, by its official names. A value that is not finite is refused. */
    public static void write(
            Path file, Graph network, Parameters parameters, Parameters statistics, Map<String, String> metadata) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        network.parameters().forEach((name, value) -> {
            Parameters from = parameters.contains(name) ? parameters : statistics;
            long[] shape = value.shape().toArray();
            DType type = !value.dtype().isReal() ? value.dtype() : shape.length > 1 ? DType.F16 : DType.F32;
            Tensor tensor = Tensor.allocate(type, shape);
            if (from.contains(name)) {
                float[] values = from.get(name).values();
                for (int i = 0; i < values.length; i++) {
                    if (!Float.isFinite(values[i]) || type == DType.F16 && Math.abs(values[i]) > 65_504) {
                        throw new IllegalArgumentException(name + " does not fit half precision: " + values[i]);
                    }
                    tensor.set(i, values[i]);
                }
            }
            tensors.put(name, tensor);
        });
        SafetensorsWriter.write(file, tensors, metadata);
    }
}
