package sightline.pipeline.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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

    private static final int SECONDS_TO_CLOSE = 10;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::hold, "stop");

    private Stop() {}

    public static Stop onSignal() {
        Stop stop = new Stop();
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
            if (!closed.await(SECONDS_TO_CLOSE, TimeUnit.SECONDS)) {
                System.err.println("sightline: not everything closed within " + SECONDS_TO_CLOSE + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        if (asked.getCount() > 0) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
