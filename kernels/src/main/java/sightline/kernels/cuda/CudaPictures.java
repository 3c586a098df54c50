package sightline.kernels.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.NvJpeg;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * Feeds a session with pictures that become tensors on the device: compressed bytes are copied once, to pinned memory;
 * decoded pixels exist in device memory alone (nvJPEG), or are copied there as they are where they were decoded elsewhere.
 * One kernel resizes, normalises and lays out the whole batch; network and copy back follow in the same stream.
 *
 * <p>Threading: one thread at a time, as its session. Ownership: the session stays the caller's and must outlive this;
 * pictures are not kept. Memory: everything is taken when it is opened, nothing a run. Failure: a picture that cannot be
 * decoded is refused by its place in the batch with a reason, and its neighbours are computed.
 */
public final class CudaPictures implements AutoCloseable {
    private final CudaSession session;
    private final CudaDevice device;
    private final PictureLoader loader;
    private final DeviceMemory taps;
    private final Launch fit;
    private final Optional<NvJpeg> decoder;
    private final Runnable whenClosed;
    private boolean closed;

    /**
     * What came of a batch.
     *
     * @param outputs by name, the session's own, valid until its next run
     * @param refused why, by place in the batch; the outputs at those places mean nothing
     */
    public record Outcome(Map<String, Tensor> outputs, Map<Integer, String> refused) {}

    private CudaPictures(
            CudaSession session,
            PictureLoader loader,
            DeviceMemory taps,
            Launch fit,
            Optional<NvJpeg> decoder,
            Runnable whenClosed) {
        this.session = session;
        this.device = session.device();
        this.loader = loader;
        this.taps = taps;
        this.fit = fit;
        this.decoder = decoder;
        this.whenClosed = whenClosed;
    }

    /**
     * @param session whose only input is the pictures: batch x 3 x the framing's input; its memory stays where it is as long
     *     as this is open
     * @param framing of every picture that will come
     */
    public static CudaPictures open(
            CudaSession session, Framing framing, Resampling resampling, Normalisation normalisation) {
        session.rely();
        try {
            return take(session, framing, resampling, normalisation, session::release);
        } catch (RuntimeException failure) {
            session.release();
            throw failure;
        }
    }

    /** The same for the session itself, which closes it before its memory goes. */
    static CudaPictures own(CudaSession session, Framing framing, Resampling resampling, Normalisation normalisation) {
        return take(session, framing, resampling, normalisation, () -> {});
    }

    private static CudaPictures take(
            CudaSession session,
            Framing framing,
            Resampling resampling,
            Normalisation normalisation,
            Runnable whenClosed) {
        Value input = input(session, framing);
        int batch = Math.toIntExact(input.size(0));
        String name = session.early().iterator().next();
        CudaDevice device = session.device();
        PictureFit plan = new PictureFit(framing, resampling, normalisation);
        return device.call(() -> {
            Deque<AutoCloseable> taken = new ArrayDeque<>();
            session.wake();
            try {
                PictureLoader loader = new PictureLoader(device, framing, batch, device::run);
                taken.push(loader);
                DeviceMemory taps = plan.upload(device);
                taken.push(taps);
                Launch fit = plan.launch(batch, loader.address(), session.inputAddress(name), taps.address());
                device.prepare(fit);
                return new CudaPictures(session, loader, taps, fit, NvJpeg.open(), whenClosed);
            } catch (RuntimeException failure) {
                for (AutoCloseable part : taken) {
                    giveBack(part, failure);
                }
                throw failure;
            }
        });
    }

    /** The only early input of a network that takes pictures of that framing. */
    static Value input(CudaSession session, Framing framing) {
        Set<String> inputs = session.early();
        Value input = session.graph().inputs().get(inputs.iterator().next());
        if (inputs.size() != 1
                || input.size(1) != 3
                || input.size(2) != framing.inputHeight()
                || input.size(3) != framing.inputWidth()) {
            throw new EngineException(session.graph().name() + " does not take pictures of " + framing.inputWidth()
                    + "x" + framing.inputHeight() + " alone");
        }
        return input;
    }

    private static void giveBack(AutoCloseable part, RuntimeException why) {
        try {
            part.close();
        } catch (Exception lost) {
            why.addSuppressed(lost);
        }
    }

    /** Whether compressed pictures can be given; without nvJPEG only decoded ones can. */
    public boolean decodes() {
        return decoder.isPresent();
    }

    /** Whether the card's own JPEG engines decode. */
    public boolean decodesInHardware() {
        return decoder.map(NvJpeg::hardware).orElse(false);
    }

    /**
     * Runs up to a batch of pictures. Those that are compressed still are decoded on the device, if all are and it can; one
     * that it cannot decode is taken as its owner decodes it, or fails the batch with its owner's exception.
     */
    public Map<String, Tensor> run(List<Pixels> pictures) {
        return run(loader.stage(pictures, decodes()));
    }

    private Map<String, Tensor> run(PictureLoader.Staged staged) {
        return session.runOnDevice(() -> {
            loader.issue(staged, decoder, device.stream());
            device.issue(fit);
        });
    }

    /** Runs up to a batch of JPEG files of the planned size. */
    public Outcome runJpegs(List<ByteBuffer> jpegs) {
        if (!decodes()) {
            throw new EngineException("nvJPEG is not on this machine");
        }
        PictureLoader.Staged staged = loader.stageFiles(jpegs);
        return new Outcome(run(staged), staged.refused());
    }

    @Override
    public void close() {
        device.run(() -> {
            if (!closed) {
                closed = true;
                decoder.ifPresent(NvJpeg::close);
                taps.close();
                loader.close();
                whenClosed.run();
            }
        });
    }
}
