package sightline.kernels.cuda;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import sightline.kernels.cuda.driver.CudaFailure;

/**
 * The one thread that talks to one device, so that a context never needs a lock or a switch; and those that prepare work for
 * it or wait for it meanwhile ({@link Lanes}).
 */
final class DeviceThread implements AutoCloseable {
    private final ExecutorService executor;
    private volatile Thread self;

    DeviceThread(String name) {
        executor = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            self = thread;
            return thread;
        });
    }

    /** Runs the work on the device's thread and waits. From that thread itself it runs at once. */
    <T> T call(Callable<T> work) {
        try {
            if (Thread.currentThread() == self) {
                return work.call();
            }
            return executor.submit(work).get();
        } catch (ExecutionException failure) {
            throw rethrown(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CudaFailure(CudaFailure.Kind.REJECTED, 0, "Interrupted while waiting for the GPU.");
        } catch (RejectedExecutionException closed) {
            throw new CudaFailure(CudaFailure.Kind.REJECTED, 0, "The CUDA device is closed.");
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw rethrown(failure);
        }
    }

    void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }

    /** Submits without waiting. */
    <T> Future<T> submit(Callable<T> work) {
        return executor.submit(work);
    }

    /** The same for work whose end nobody asks for: what it throws ends it unseen, so it must tell of it by itself. */
    void hand(Runnable work) {
        executor.execute(new FutureTask<>(work, null));
    }

    /** What failed on another thread, for this one. */
    static RuntimeException rethrown(Throwable cause) {
        if (cause instanceof CudaFailure failure) {
            // Each waiter gets its own stack, with the device thread's as the cause.
            CudaFailure here = new CudaFailure(failure.kind(), failure.code(), failure.getMessage());
            here.initCause(failure);
            return here;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
