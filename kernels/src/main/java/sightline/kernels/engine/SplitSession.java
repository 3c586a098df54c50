package sightline.kernels.engine;

import java.util.Map;
import sightline.kernels.tensor.Tensor;

/**
 * A run in two halves: {@link #begin} computes what the late inputs have no part in, {@link #finish} the rest, and what
 * lies between stays where the engine computes. A training step needs it, whose loss is computed in between.
 *
 * <p>Threading and ownership as {@link Session} says. Inputs are the session's own tensors: fill them in place.
 */
public interface SplitSession extends Session {
    /** The session's own tensor of an input, valid until it closes; not to be written during a half. */
    Tensor input(String name);

    /** Runs the first half and returns the outputs that are ready. */
    Map<String, Tensor> begin();

    /** Runs the second half and returns all outputs. */
    Map<String, Tensor> finish();
}
