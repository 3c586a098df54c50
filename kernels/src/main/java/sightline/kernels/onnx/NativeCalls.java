package sightline.kernels.onnx;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Calls of ONNX Runtime that are on their way, so that a process which is asked to end (SIGTERM, Ctrl-C, exit) ends
 * between them: under a call that goes on the runtime's memory would be taken away, and the process would crash.
 *
 * <p>From the moment the process ends no call begins any more; who wants to make one waits for an end that comes. Work
 * that ends by itself when asked, and needs calls for that, says so with {@link #hold}.
 *
 * <p>Threading: any threads.
 */
public final class NativeCalls {
    /** How long the end of the process waits for work that holds it, and then again for calls. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final NativeCalls OF_PROCESS = ofProcess();

    private final LongSupplier nanoTime;
    private int calls;
    private int holds;
    private boolean ending;
    private boolean barred;

    NativeCalls(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static NativeCalls ofProcess() {
        var calls = new NativeCalls(System::nanoTime);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> calls.end(PATIENCE), "native-calls"));
        return calls;
    }

    /** The process's own. */
    public static NativeCalls get() {
        return OF_PROCESS;
    }

    /** What ends when it is closed. Closing twice is the same as once. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Work that is made of calls and ends soon after the process is asked to: calls go on until then. */
    public synchronized Held hold() {
        holds++;
        return new Held() {
            private boolean closed;

            @Override
            public void close() {
                synchronized (NativeCalls.this) {
                    holds -= closed ? 0 : 1;
                    closed = true;
                    NativeCalls.this.notifyAll();
                }
            }
        };
    }

    /** Before a call. Waits for ever where the process is ending. */
    public synchronized void enter() {
        while (barred || ending && holds == 0) {
            await(0);
        }
        calls++;
    }

    /** After a call, whatever became of it. */
    public synchronized void leave() {
        calls--;
        if (ending) {
            notifyAll();
        }
    }

    /** Returns when nothing is held or running, and nothing will be. */
    synchronized void end(Duration patience) {
        ending = true;
        long until = nanoTime.getAsLong() + patience.toNanos();
        while (holds > 0 && left(until) > 0) {
            await(left(until));
        }
        barred = true;
        until = nanoTime.getAsLong() + patience.toNanos();
        while (calls > 0 && left(until) > 0) {
            await(left(until));
        }
    }

    private long left(long until) {
        return Math.max(0, (until - nanoTime.getAsLong()) / 1_000_000);
    }

    /** An interrupt is forgotten: who waits here waits for the end of the process, which nothing else can hasten. */
    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException forgotten) {
            // The caller looks again.
        }
    }
}
