package sightline.kernels.train;

import java.util.Map;

/**
 * Moves parameters against their gradients and keeps what it must remember between steps.
 *
 * <p>Threading: one thread at a time. Failure: a gradient that is missing, or of another size, is an error; a
 * non-finite gradient is the caller's to refuse.
 */
public interface Optimizer {
    /**
     * One step.
     *
     * @param gradients a gradient for each parameter, by name
     * @param learningRate of this step
     */
    void step(Map<String, float[]> gradients, double learningRate);

    /** Steps taken so far. */
    long steps();

    /** Bytes of state, without the parameters and gradients themselves. */
    long stateBytes();

    /** The state as named arrays, for a checkpoint. Shared, not copied. */
    OptimizerState state();

    /** Takes up a state that {@link #state()} gave in another life. */
    void restore(OptimizerState state);
}
