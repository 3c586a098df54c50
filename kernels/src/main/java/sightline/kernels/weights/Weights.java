package sightline.kernels.weights;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sightline.kernels.tensor.Tensor;

/**
 * Named tensors. Immutable and thread-safe while open. The tensors are views: they become invalid when the weights are
 * closed, and sessions compiled from them must be closed before.
 */
public interface Weights extends AutoCloseable {
    /** All names, in the file's order. */
    Set<String> names();

    /** The tensor of a name, as stored: any floating type may stand for a float32 parameter. */
    Optional<Tensor> find(String name);

    @Override
    void close();

    /** Weights in memory that somebody else owns; closing does nothing. */
    static Weights of(Map<String, Tensor> tensors) {
        return new NamedTensors(tensors, Optional.empty());
    }

    /** No weights, for graphs without parameters. */
    static Weights none() {
        return of(Map.of());
    }
}
