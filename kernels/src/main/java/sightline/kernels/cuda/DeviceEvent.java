package sightline.kernels.cuda;

import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * A point in a stream that other streams and threads wait for, and whose time is known once it was reached. Of one context;
 * any thread that is in it.
 */
final class DeviceEvent implements AutoCloseable {
    /** Threads sleep until it is reached: a batch takes milliseconds. */
    private static final int BLOCKING = 1;

    private final CudaDevice device;
    private final CUevent event = new CUevent();
    private final int generation;
    private boolean closed;

    DeviceEvent(CudaDevice device) {
        this.device = device;
        this.generation = device.generation();
        Calls.check(JCudaDriver.cuEventCreate(event, BLOCKING), "making an event");
    }

    /** From now on it stands for what the stream was given so far. */
    void record(CUstream in) {
        Calls.check(JCudaDriver.cuEventRecord(event, in), "recording an event");
    }

    /** What the stream is given from now on waits for it. */
    void holdBack(CUstream stream) {
        Calls.check(JCudaDriver.cuStreamWaitEvent(stream, event, 0), "ordering streams");
    }

    /** The calling thread waits for it; at once where it was never recorded. */
    void await(String doing) {
        Calls.check(JCudaDriver.cuEventSynchronize(event), doing);
    }

    /** Nanoseconds from an earlier event, both reached. */
    long nanosSince(DeviceEvent earlier) {
        float[] elapsed = new float[1];
        Calls.check(JCudaDriver.cuEventElapsedTime(elapsed, earlier.event, event), "reading a timer");
        return (long) (1e6 * elapsed[0]);
    }

    @Override
    public void close() {
        if (!closed && generation == device.generation()) {
            closed = true;
            Calls.check(JCudaDriver.cuEventDestroy(event), "dropping an event");
        }
    }
}
