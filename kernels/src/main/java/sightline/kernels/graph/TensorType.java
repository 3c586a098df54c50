package sightline.kernels.graph;

import java.util.Map;
import sightline.kernels.tensor.DType;

/** Element type and shape of a value. */
public record TensorType(DType dtype, Shape shape) {
    public TensorType with(Shape other) {
        return new TensorType(dtype, other);
    }

    public TensorType with(DType other) {
        return new TensorType(other, shape);
    }

    public TensorType bind(Map<String, Long> lengths) {
        return with(shape.bind(lengths));
    }

    @Override
    public String toString() {
        return dtype + " " + shape;
    }
}
