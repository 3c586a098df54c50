package sightline.kernels.cuda;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
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

    private CUdevice device;
    private CUcontext context;
    private CUstream stream;
    private KernelLibrary library;
    private Optional<DependentLaunch> dependent = Optional.empty();
    private DeviceFacts facts;
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
        PrivateNatives.load();
        Calls.check(JCudaDriver.cuInit(0), "starting the driver");
        device = new CUdevice();
        Calls.check(JCudaDriver.cuDeviceGet(device, ordinal), "choosing device " + ordinal);
        context = new CUcontext();
        Calls.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "opening a context");
        Calls.check(JCudaDriver.cuCtxSetCurrent(context), "entering the context");
        facts = DeviceFacts.read(device, this::attribute);
        stream = makeStream(false);
        library = new KernelLibrary(kernels, facts.capability());
        dependent = DependentLaunch.of(DriverProbe.library(), facts.capability());
        generation.incrementAndGet();
    }

    /** A stream of the device's priority, or of the highest that there is. */
    CUstream makeStream(boolean first) {
        int[] least = new int[1];
        int[] greatest = new int[1];
        Calls.check(JCudaDriver.cuCtxGetStreamPriorityRange(least, greatest), "reading stream priorities");
        CUstream made = new CUstream();
        int clamped = first ? greatest[0] : Math.clamp(priority, greatest[0], least[0]);
        Calls.check(
                JCudaDriver.cuStreamCreateWithPriority(made, CUstream_flags.CU_STREAM_NON_BLOCKING, clamped),
                "making a stream");
        return made;
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        Calls.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "reading the device's attributes");
        return value[0];
    }

    /** Throws the context away with all that it held and makes a new one. What sessions held is gone. */
    public void reopen() {
        thread.run(() -> {
            inContext.writeLock().lock();
            try {
                JCudaDriver.cuDevicePrimaryCtxReset(device);
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
                throw new CudaFailure(CudaFailure.Kind.STICKY, 0, "The GPU context that this was running in is gone.");
            }
            Calls.check(JCudaDriver.cuCtxSetCurrent(context), "entering the context");
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
        return facts;
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
        return thread.call(() -> {
            long[] free = new long[1];
            Calls.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "reading how much memory is free");
            return free[0];
        });
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

    CUstream stream() {
        return stream;
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
        CUdeviceptr pointer = new CUdeviceptr();
        int code = JCudaDriver.cuMemAlloc(pointer, size);
        if (code != 0) {
            held.addAndGet(-size);
            Calls.check(code, "taking " + size + " bytes for " + purpose);
        }
        return new DeviceMemory(this, pointer, size, generation.get());
    }

    /** The same for a session, for which others that are idle give theirs up. */
    DeviceMemory allocateMakingRoom(long bytes, String purpose) {
        while (true) {
            try {
                return allocate(bytes, purpose);
            } catch (CudaFailure refused) {
                if (!refused.ofMemory() || bytes > Math.min(quota, facts.memory()) || !residents.makeRoom()) {
                    throw refused;
                }
            }
        }
    }

    Residents residents() {
        return residents;
    }

    CUdevice device() {
        return device;
    }

    CUcontext context() {
        return context;
    }

    void released(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Launches with what their expressions are compiled to: see {@link KernelLibrary#compiled}. */
    List<Launch> compiled(List<Launch> launches) {
        return library.compiled(launches);
    }

    void issue(Launch launch) {
        issue(launch, library.function(launch), stream);
    }

    /** In any stream, on any thread that is in the context. */
    static void issue(Launch launch, CUfunction function, CUstream stream) {
        Pointer parameters = Pointer.to(Pointer.to(launch.params()));
        Launch.Grid grid = launch.grid();
        Calls.check(
                JCudaDriver.cuLaunchKernel(
                        function,
                        grid.x(),
                        grid.y(),
                        grid.z(),
                        launch.block(),
                        1,
                        1,
                        launch.sharedBytes(),
                        stream,
                        parameters,
                        null),
                "launching " + launch.kernel() + " for " + launch.label());
    }

    /** The same for a kernel that follows another in the stream: the two may overlap where the device can. */
    void follow(Launch launch) {
        if (dependent.isPresent()) {
            dependent.get().issue(launch, library.function(launch), stream);
        } else {
            issue(launch);
        }
    }

    /** Resolves the kernel ahead of a capture, in which nothing may be loaded. */
    CUfunction prepare(Launch launch) {
        return library.function(launch);
    }

    void synchronize(String doing) {
        synchronize(stream, doing);
    }

    /** Any stream, on any thread that is in the context. */
    static void synchronize(CUstream stream, String doing) {
        Calls.check(JCudaDriver.cuStreamSynchronize(stream), doing);
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
                JCudaDriver.cuStreamDestroy(stream);
                JCudaDriver.cuDevicePrimaryCtxRelease(device);
            });
        } finally {
            thread.close();
        }
    }
}
