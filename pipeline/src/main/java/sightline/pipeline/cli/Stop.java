package sightline.pipeline.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sightline.kernels.onnx.NativeCalls;

/**
 * Waits for Ctrl-C (or SIGTERM) and then keeps the process alive until what was opened after it has been closed.
 *
 * <pre>{@code
 * try (Stop stop = Stop.onSignal(); Thing thing = open()) {
 *     stop.await(seconds);
 * }
 * }</pre>
 */
public final class Stop implements AutoCloseable {

    private static final Duration TO_CLOSE = Duration.ofSeconds(10);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::hold, "stop");

    private final Duration patience;

    private final Runnable finished;

    private Stop(Duration patience, Runnable finished) {
        this.patience = patience;
        this.finished = finished;
    }

    public static Stop onSignal() {
        return listening(new Stop(TO_CLOSE, () -> {}));
    }

    /** Of work that runs networks until it is at a good end, for which the process waits so long. */
    public static Stop ofNetworks(Duration patience) {
        return listening(new Stop(patience, NativeCalls.get().hold()::close));
    }

    private static Stop listening(Stop stop) {
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /** Returns when asked to stop, or after so many seconds; null waits for ever. */
    public void await(Integer seconds) throws InterruptedException {
        if (seconds == null) {
            asked.await();
        } else if (asked.await(seconds, TimeUnit.SECONDS)) {
            return;
        }
    }

    /** Whether somebody has asked. */
    public boolean asked() {
        return asked.getCount() == 0;
    }

    private void hold() {
        asked.countDown();
        try {
            if (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("sightline: not everything closed within " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finished.run();
        closed.countDown();
        if (asked.getCount() > 0) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
