package sightline.kernels.cuda;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.tensor.Tensor;

/** A run of a {@link Conveyor} from when it is begun until its results were read: it has a seat as long. */
final class Trip implements PendingRun {
    private final Conveyor conveyor;
    private final Seat seat;
    private final long began = System.nanoTime();
    /** Its lane is through with it, successfully or not: what is to be run is not read any more. */
    private final CompletableFuture<Void> prepared = new CompletableFuture<>();
    /** Its outputs are there, or it failed. */
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private final AtomicBoolean left = new AtomicBoolean();
    /** Of the device's thread. */
    private boolean launched;

    Trip(Conveyor conveyor, Seat seat) {
        this.conveyor = conveyor;
        this.seat = seat;
    }

    Seat seat() {
        return seat;
    }

    /** When, in nanoseconds. */
    long began() {
        return began;
    }

    CompletableFuture<Void> prepared() {
        return prepared;
    }

    CompletableFuture<Void> over() {
        return over;
    }

    boolean launched() {
        return launched;
    }

    void launch() {
        launched = true;
    }

    @Override
    public Optional<Map<String, Tensor>> outputs() {
        try {
            over.join();
        } catch (CompletionException failed) {
            throw DeviceThread.rethrown(failed.getCause());
        }
        return Optional.of(seat.outputs(conveyor.network()));
    }

    @Override
    public void close() {
        prepared.join();
        over.exceptionally(failure -> null).join();
        if (left.compareAndSet(false, true)) {
            conveyor.leave(this);
        }
    }
}
