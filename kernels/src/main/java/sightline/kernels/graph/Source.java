package sightline.kernels.graph;

import java.util.List;
import java.util.Map;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Operations without inputs: where values come from. */
public sealed interface Source extends Op {

    /** What a parameter is to training and to the parameter count. */
    enum Role {
        /** Learned: counted and differentiated. */
        WEIGHT,
        /** Stored with the weights but not learned, such as running statistics. */
        BUFFER
    }

    /** A tensor given to every run. */
    record Input(String name, TensorType type) implements Source {
        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Input(name, type.bind(lengths));
        }
    }

    /** A tensor of the weights file; {@code name} is its key in the official state dict. */
    record Parameter(String name, TensorType type, Role role) implements Source {}

    /** A small literal tensor; the graph keeps it reachable and nobody may write to it. */
    record Constant(Tensor value) implements Source {
        @Override
        public TensorType type() {
            return new TensorType(value.dtype(), Shape.of(value.shape()));
        }
    }

    /** A tensor of one repeated value. */
    record Fill(double value, TensorType type) implements Source {
        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Fill(value, type.bind(lengths));
        }
    }

    /** 0, 1, 2, … up to {@code length}. */
    record Range(Dim length, DType dtype) implements Source {
        @Override
        public TensorType type() {
            return new TensorType(dtype, Shape.of(length));
        }

        @Override
        public Op bind(Map<String, Long> lengths) {
            return new Range(length.bind(lengths), dtype);
        }
    }

    TensorType type();

    @Override
    default List<TensorType> infer(List<TensorType> inputs) {
        GraphException.require(inputs.isEmpty(), "%s takes no inputs", this);
        return List.of(type());
    }
}
