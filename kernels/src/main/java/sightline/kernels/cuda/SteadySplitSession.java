package sightline.kernels.cuda;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/** A run in two halves that tells its engine when the context is lost, and is of no use from then on. */
final class SteadySplitSession extends ForwardingSession implements SplitSession {
    private final SteadyEngine engine;
    private final SplitSession session;
    private final int generation;

    SteadySplitSession(SteadyEngine engine, SplitSession session) {
        super(session);
        this.engine = engine;
        this.session = session;
        this.generation = engine.generation();
    }

    private <T> T watched(Supplier<T> half) {
        if (engine.generation() != generation) {
            throw new EngineException("The context of " + graph().name() + " is gone");
        }
        try {
            return half.get();
        } catch (CudaFailure failure) {
            if (!failure.ofMemory()) {
                engine.recover(generation, failure);
            }
            throw new EngineException(failure.getMessage(), failure);
        }
    }

    @Override
    public Tensor input(String name) {
        return session.input(name);
    }

    @Override
    public Map<String, Tensor> begin() {
        return watched(session::begin);
    }

    @Override
    public Optional<Map<String, Tensor>> runPictures(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return watched(() -> session.runPictures(pictures, framing, resampling, normalisation));
    }

    @Override
    public Map<String, Tensor> finish() {
        return watched(session::finish);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (CudaFailure lost) {
            // What it held went with its context.
        }
    }
}
