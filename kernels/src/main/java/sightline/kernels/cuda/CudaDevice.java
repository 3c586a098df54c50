package sightline.kernels.cuda;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceContext;
import sightline.kernels.cuda.driver.DeviceFacts;
import sightline.kernels.cuda.driver.DeviceKernel;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.DeviceStream;
import sightline.kernels.cuda.driver.DriverProbe;
import sightline.kernels.cuda.driver.DriverStatus;
import sightline.kernels.cuda.driver.KernelLibrary;
import sightline.kernels.cuda.driver.NvJpeg;
import sightline.kernels.cuda.half.HalfEmitter;
import sightline.kernels.cuda.program.Launch;

/**
 * One GPU: its primary context, one stream in which networks run and one thread that gives it its work. Other threads hand
 * work to it and wait, so all public methods are thread-safe. What overlaps with the networks has streams and threads of its
 * own ({@link Lanes}).
 *
 * <p>Memory: what callers hold is counted against a quota, and taken in few large pieces when a graph is compiled,
 * never a frame. Where quota or device have no room for a session, those that were not used for longest give theirs up, and
 * take it again when they are used. Failure: a {@link CudaFailure} of kind STICKY means that the context is gone with everything in it;
 * {@link #reopen()} makes a new one, after which sessions must be compiled again ({@link #generation()} tells them).
 */
public final class CudaDevice implements AutoCloseable {
    private final int ordinal;
    private final KernelLibrary.Source kernels;
    private final long quota;
    private final int priority;
    private final int driverVersion;
    private final DeviceThread thread;
    private final AtomicLong held = new AtomicLong();
    private final Residents residents = new Residents();

    private volatile DeviceContext context;
    private final AtomicInteger generation = new AtomicInteger();
    /** Held by whoever makes a driver call on another thread: meanwhile the context stays. */
    private final ReadWriteLock inContext = new ReentrantReadWriteLock();

    private Lanes lanes;
    private volatile Boolean decodes;
    private volatile boolean closed;

    private CudaDevice(int ordinal, KernelLibrary.Source kernels, long quota, int priority, int driverVersion) {
        this.ordinal = ordinal;
        this.kernels = kernels;
        this.quota = quota;
        this.priority = priority;
        this.driverVersion = driverVersion;
        this.thread = new DeviceThread("cuda-" + ordinal);
    }

    /** Opens the device with all of its memory as quota and normal priority. */
    public static CudaDevice open(int ordinal) {
        return open(ordinal, Long.MAX_VALUE, 0);
    }

    /**
     * @param quota the most bytes that sessions may hold together
     * @param priority the stream's: 0 is normal, negative goes first; clamped to what the device offers
     * @throws CudaFailure of kind ABSENT or NO_KERNELS, with the reason, where the engine cannot serve
     */
    public static CudaDevice open(int ordinal, long quota, int priority) {
        return open(ordinal, quota, priority, DriverProbe.probe(), KernelLibrary.Source.resources());
    }

    static CudaDevice open(int ordinal, long quota, int priority, DriverStatus driver, KernelLibrary.Source kernels) {
        if (!driver.ready()) {
            throw new CudaFailure(CudaFailure.Kind.ABSENT, 0, driver.sentence());
        }
        if (!KernelLibrary.present(kernels)) {
            throw new CudaFailure(
                    CudaFailure.Kind.NO_KERNELS,
                    0,
                    "This build carries no CUDA kernels: nvcc was absent when it was made.");
        }
        CudaDevice opened = new CudaDevice(ordinal, kernels, quota, priority, driver.driverVersion());
        try {
            opened.thread.run(opened::openContext);
        } catch (RuntimeException failure) {
            opened.thread.close();
            throw failure;
        }
        return opened;
    }

    private void openContext() {
        context = DeviceContext.open(ordinal, priority, kernels);
        generation.incrementAndGet();
    }

    /** A stream of the device's priority, or of the highest that there is. */
    DeviceStream makeStream(boolean first) {
        return context.makeStream(first);
    }

    /** Throws the context away with all that it held and makes a new one. What sessions held is gone. */
    public void reopen() {
        thread.run(() -> {
            inContext.writeLock().lock();
            try {
                context.reset();
                held.set(0);
                residents.forgetAll();
                if (lanes != null) {
                    lanes.forget();
                    lanes = null;
                }
                openContext();
            } finally {
                inContext.writeLock().unlock();
            }
        });
    }

    /** Does driver calls on the calling thread, in a context of that generation and no other. */
    void inContext(int wanted, Runnable calls) {
        inContext.readLock().lock();
        try {
            if (wanted != generation()) {
                throw CudaFailure.ofGoneContext();
            }
            context.enter();
            calls.run();
        } finally {
            inContext.readLock().unlock();
        }
    }

    /** Counts contexts: memory and graphs of an older generation no longer exist. */
    public int generation() {
        return generation.get();
    }

    public DeviceFacts facts() {
        return context.facts();
    }

    /** Whether the machine has nvJPEG, which decodes pictures on the device; looked for once. */
    boolean decodes() {
        Boolean known = decodes;
        if (known == null) {
            known = NvJpeg.present();
            decodes = known;
        }
        return known;
    }

    /** Which kernels were the fastest on devices like this one, with these kernels. */
    TileCache.Choices choices(TileCache cache) {
        DeviceFacts facts = facts();
        String kind = "%s, %d multiprocessors, capability %d, driver %d"
                .formatted(facts.name(), facts.multiprocessors(), facts.capability(), driverVersion);
        return cache.choices(kind, KernelLibrary.digest(kernels, HalfEmitter.CHOSEN_FROM));
    }

    /** Who hears, in a sentence and once a session, that it gave its memory up for another. */
    public void onEviction(Consumer<String> listener) {
        residents.tell(listener);
    }

    /** How often a session gave its memory up for another. */
    public long evictions() {
        return residents.evictions();
    }

    /** Bytes that sessions hold now. */
    public long bytesHeld() {
        return held.get();
    }

    /** Bytes that nobody on the device holds, other processes included. */
    public long bytesFree() {
        return thread.call(() -> context.bytesFree());
    }

    <T> T call(Callable<T> work) {
        return thread.call(work);
    }

    void run(Runnable work) {
        thread.run(work);
    }

    /** Work for the device's thread that nobody waits for here; refused once the device is closed. */
    void submit(Runnable work) {
        thread.hand(work);
    }

    int ordinal() {
        return ordinal;
    }

    // Everything below runs on the device's thread alone.

    DeviceContext context() {
        return context;
    }

    DeviceStream stream() {
        return context.stream();
    }

    Lanes lanes() {
        if (lanes == null) {
            lanes = new Lanes(this);
        }
        return lanes;
    }

    DeviceMemory allocate(long bytes, String purpose) {
        long size = Math.max(256, bytes);
        if (held.addAndGet(size) > quota) {
            held.addAndGet(-size);
            throw new CudaFailure(
                    CudaFailure.Kind.OVER_QUOTA,
                    0,
                    "The session's " + purpose + " of " + size + " bytes exceeds the GPU memory quota of " + quota
                            + ".");
        }
        try {
            return context.allocate(size, purpose, () -> held.addAndGet(-size));
        } catch (CudaFailure refused) {
            held.addAndGet(-size);
            throw refused;
        }
    }

    /** The same for a session, for which others that are idle give theirs up. */
    DeviceMemory allocateMakingRoom(long bytes, String purpose) {
        while (true) {
            try {
                return allocate(bytes, purpose);
            } catch (CudaFailure refused) {
                if (!refused.ofMemory() || bytes > Math.min(quota, facts().memory()) || !residents.makeRoom()) {
                    throw refused;
                }
            }
        }
    }

    Residents residents() {
        return residents;
    }

    /** Launches with what their expressions are compiled to. */
    List<Launch> compiled(List<Launch> launches) {
        return context.compiled(launches);
    }

    void issue(Launch launch) {
        context.issue(launch);
    }

    /** Loads a kernel where it was not, for other threads to issue. */
    DeviceKernel prepare(Launch launch) {
        return context.prepare(launch);
    }

    void synchronize(String doing) {
        context.stream().synchronize(doing);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            thread.run(() -> {
                if (lanes != null) {
                    lanes.close();
                }
                context.release();
            });
        } finally {
            thread.close();
        }
    }
}
