package sightline.kernels.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/**
 * A point in a stream that other streams and threads wait for, and whose time is known once it was reached. Of one context;
 * any thread that is in it.
 */
public final class DeviceEvent implements AutoCloseable {
    /** Threads sleep until it is reached: a batch takes milliseconds. */
    private static final int BLOCKING = 1;

    private final DeviceContext context;
    private final CUevent event = new CUevent();
    private boolean closed;

    /** Made on a thread that is in the context; not yet recorded. */
    public DeviceEvent(DeviceContext context) {
        this.context = context;
        Calls.check(JCudaDriver.cuEventCreate(event, BLOCKING), "making an event");
    }

    /** From now on it stands for what the stream was given so far. */
    public void record(DeviceStream in) {
        Calls.check(JCudaDriver.cuEventRecord(event, in.handle()), "recording an event");
    }

    /** What the stream is given from now on waits for it. */
    public void holdBack(DeviceStream stream) {
        Calls.check(JCudaDriver.cuStreamWaitEvent(stream.handle(), event, 0), "ordering streams");
    }

    /** The calling thread waits for it; at once where it was never recorded. */
    public void await(String doing) {
        Calls.check(JCudaDriver.cuEventSynchronize(event), doing);
    }

    /** Nanoseconds from an earlier event, both reached. */
    public long nanosSince(DeviceEvent earlier) {
        float[] elapsed = new float[1];
        Calls.check(JCudaDriver.cuEventElapsedTime(elapsed, earlier.event, event), "reading a timer");
        return (long) (1e6 * elapsed[0]);
    }

    @Override
    public void close() {
        if (!closed && !context.gone()) {
            closed = true;
            Calls.check(JCudaDriver.cuEventDestroy(event), "dropping an event");
        }
    }
}
