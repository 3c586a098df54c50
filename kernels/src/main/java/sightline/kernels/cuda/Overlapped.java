package sightline.kernels.cuda;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;

/**
 * The runs of a session that overlap: its {@link Conveyor}, and what feeds that, set up when it is first wanted. Threading as
 * the session; opened and closed on the device's thread.
 */
final class Overlapped implements AutoCloseable {
    private final Conveyor conveyor;
    private final PictureFeeds<LanePictures> pictures;
    private final CudaSession session;
    private final Program program;
    private final SessionMemory memory;
    private Optional<LaneTensors> tensors;

    Overlapped(CudaSession session, Program program, SessionMemory memory) {
        this.session = session;
        this.program = program;
        this.memory = memory;
        this.conveyor = new Conveyor(session, program, memory);
        this.pictures = new PictureFeeds<>(this::open, conveyor::quiesce);
    }

    private LanePictures open(PictureFeeds.Kind kind) {
        Framing framing = kind.framing();
        CudaPictures.input(session, framing);
        Program.Port input = program.inputs().values().iterator().next();
        return session.device()
                .call(() ->
                        new LanePictures(session.device(), input, framing, kind.resampling(), kind.normalisation()));
    }

    /** Empty where the device has no memory for pictures of that size. */
    Optional<PendingRun> pictures(List<Pixels> shown, PictureFeeds.Kind kind) {
        return pictures.feed(kind).map(feed -> conveyor.begin(feed.feed(shown)));
    }

    /** Inputs as {@code write} writes them on another thread. */
    Optional<PendingRun> tensors(Consumer<Map<String, Tensor>> write) {
        if (tensors == null) {
            tensors = session.device()
                    .call(() -> PictureFeeds.unlessFull(() -> new LaneTensors(session.device(), program, memory)));
        }
        return tensors.map(feed -> conveyor.begin(feed.feed(write)));
    }

    void awaitTurn() throws InterruptedException {
        conveyor.awaitTurn();
    }

    RunTimes times() {
        return conveyor.times();
    }

    @Override
    public void close() {
        try {
            conveyor.close();
        } finally {
            pictures.closeAll();
            if (tensors != null) {
                tensors.ifPresent(LaneTensors::close);
            }
        }
    }
}
