package sightline.kernels.graph;

import java.util.List;
import java.util.Map;

/**
 * An operation. The families are sealed and so is each of them, so an engine or a gradient written as an exhaustive
 * {@code switch} fails to compile when an operation is added and forgotten.
 *
 * <p>Operations are values: two equal records mean the same computation. Attributes live in the record, tensors are
 * inputs of the {@link Node}; any input may be a computed tensor, weights included.
 */
public sealed interface Op
        permits Source,
                Convolution,
                Norm,
                Elementwise,
                Reduction,
                Linear,
                Attention,
                Layout,
                Spatial,
                Indexing,
                Finding,
                Stateful,
                Adjoint {

    /**
     * Types of the outputs for the given inputs.
     *
     * @throws GraphException where number, type or shape of the inputs is wrong
     */
    List<TensorType> infer(List<TensorType> inputs);

    /** Multiply-accumulates for known input shapes; 0 for what is not a convolution or a matrix product. */
    default long macs(List<TensorType> inputs) {
        return 0;
    }

    /** The operation with named dimensions in its attributes replaced. */
    default Op bind(Map<String, Long> lengths) {
        return this;
    }
}
