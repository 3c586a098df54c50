package sightline.kernels.cuda.driver;

import java.util.List;
import java.util.Optional;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import sightline.kernels.cuda.program.Launch;

/**
 * A device's primary context, the stream in which networks run and the modules that were loaded. What was made in it goes with
 * it. Opened on the device's thread, to which all belongs that does not say otherwise.
 */
public final class DeviceContext {
    private final CUdevice device;
    private final CUcontext context;
    private final int priority;
    private final DeviceFacts facts;
    private final DeviceStream stream;
    private final KernelLibrary library;
    private final Optional<DependentLaunch> dependent;
    private volatile boolean gone;

    private DeviceContext(CUdevice device, CUcontext context, int priority, KernelLibrary.Source kernels) {
        this.device = device;
        this.context = context;
        this.priority = priority;
        facts = DeviceFacts.read(device, this::attribute);
        stream = makeStream(false);
        library = new KernelLibrary(kernels, facts.capability());
        dependent = DependentLaunch.of(DriverProbe.library(), facts.capability());
    }

    /**
     * Opens the context of a device, which the calling thread is in from then on.
     *
     * @param priority the stream's: 0 is normal, negative goes first; clamped to what the device offers
     * @param kernels where its modules come from
     */
    public static DeviceContext open(int ordinal, int priority, KernelLibrary.Source kernels) {
        PrivateNatives.load();
        Calls.check(JCudaDriver.cuInit(0), "starting the driver");
        CUdevice device = new CUdevice();
        Calls.check(JCudaDriver.cuDeviceGet(device, ordinal), "choosing device " + ordinal);
        CUcontext context = new CUcontext();
        Calls.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "opening a context");
        Calls.check(JCudaDriver.cuCtxSetCurrent(context), "entering the context");
        return new DeviceContext(device, context, priority, kernels);
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        Calls.check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "reading the device's attributes");
        return value[0];
    }

    /** Any thread. */
    public DeviceFacts facts() {
        return facts;
    }

    /** Lets the calling thread, whichever it is, make driver calls. */
    public void enter() {
        Calls.check(JCudaDriver.cuCtxSetCurrent(context), "entering the context");
    }

    /** Whether it was thrown away; any thread. */
    boolean gone() {
        return gone;
    }

    /** Where networks run; any thread. What outlived the context hears so. */
    public DeviceStream stream() {
        if (gone) {
            throw CudaFailure.ofGoneContext();
        }
        return stream;
    }

    /** Another stream of the device's priority, or of the highest that there is. */
    public DeviceStream makeStream(boolean first) {
        int[] least = new int[1];
        int[] greatest = new int[1];
        Calls.check(JCudaDriver.cuCtxGetStreamPriorityRange(least, greatest), "reading stream priorities");
        CUstream made = new CUstream();
        int clamped = first ? greatest[0] : Math.clamp(priority, greatest[0], least[0]);
        Calls.check(
                JCudaDriver.cuStreamCreateWithPriority(made, CUstream_flags.CU_STREAM_NON_BLOCKING, clamped),
                "making a stream");
        return new DeviceStream(made);
    }

    /** Bytes that nobody on the device holds, other processes included. */
    public long bytesFree() {
        long[] free = new long[1];
        Calls.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "reading how much memory is free");
        return free[0];
    }

    /** @param released called when the memory is given back, but not where the context was gone before */
    public DeviceMemory allocate(long bytes, String purpose, Runnable released) {
        CUdeviceptr pointer = new CUdeviceptr();
        Calls.check(JCudaDriver.cuMemAlloc(pointer, bytes), "taking " + bytes + " bytes for " + purpose);
        return new DeviceMemory(this, pointer, bytes, released);
    }

    /** Launches with what their expressions are compiled to: see {@link KernelLibrary#compiled}. */
    public List<Launch> compiled(List<Launch> launches) {
        return library.compiled(launches);
    }

    /** Loads a kernel where it was not: ahead of a capture, in which nothing may be loaded, or of other threads' launches. */
    public DeviceKernel prepare(Launch launch) {
        return new DeviceKernel(library.function(launch));
    }

    /** Issues a kernel in the stream in which networks run. */
    public void issue(Launch launch) {
        prepare(launch).issue(launch, stream);
    }

    /** The same for a kernel that follows another in the stream: the two may overlap where the device can. */
    void follow(Launch launch) {
        if (dependent.isPresent()) {
            dependent.get().issue(launch, library.function(launch), stream.handle());
        } else {
            issue(launch);
        }
    }

    CUdevice device() {
        return device;
    }

    CUcontext handle() {
        return context;
    }

    /** Throws the context away with all that it held, whatever state it is in. */
    public void reset() {
        gone = true;
        JCudaDriver.cuDevicePrimaryCtxReset(device);
    }

    /** Gives it back, whatever state it is in; what it held is of no more use. */
    public void release() {
        JCudaDriver.cuStreamDestroy(stream.handle());
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
