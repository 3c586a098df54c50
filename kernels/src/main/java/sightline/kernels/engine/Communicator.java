package sightline.kernels.engine;

import java.util.List;
import sightline.kernels.tensor.Tensor;

/** One rank's line to the others. All ranks must make the same calls in the same order. */
public interface Communicator {
    /** A world of one rank. */
    Communicator ALONE = new Communicator() {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public List<Tensor> allGather(Tensor own) {
            return List.of(own);
        }
    };

    int rank();

    int size();

    /**
     * Everybody's tensor in the order of ranks. They may be read until the next call; {@code own} must not be written to
     * before it.
     *
     * @throws EngineException where another rank has failed or does not arrive
     */
    List<Tensor> allGather(Tensor own);
}
