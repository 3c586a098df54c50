package sightline.kernels.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Pixels;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

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

    /**
     * Runs the first half on pictures, of a graph whose only input that is not late is pictures; else as {@link
     * Session#runPictures} says.
     */
    @Override
    default Optional<Map<String, Tensor>> runPictures(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return Optional.empty();
    }

    /**
     * Runs the second half and returns all outputs. Where that half is nothing but one {@link
     * sightline.kernels.graph.Finding}, it may be run again and again with other late inputs.
     */
    Map<String, Tensor> finish();
}
