package sightline.kernels.cuda.driver;

import java.util.Arrays;
import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;

/** Two events around work in the stream: device time in milliseconds, free of host jitter. */
public final class EventTimer implements AutoCloseable {
    private final DeviceStream stream;
    private final CUevent start = new CUevent();
    private final CUevent end = new CUevent();

    /** Times what the context's stream is given. */
    public EventTimer(DeviceContext context) {
        this.stream = context.stream();
        Calls.check(JCudaDriver.cuEventCreate(start, 0), "making an event");
        Calls.check(JCudaDriver.cuEventCreate(end, 0), "making an event");
    }

    /** What the work issues in the stream takes; waits for it. */
    public float milliseconds(Runnable work) {
        Calls.check(JCudaDriver.cuEventRecord(start, stream.handle()), "recording an event");
        work.run();
        Calls.check(JCudaDriver.cuEventRecord(end, stream.handle()), "recording an event");
        Calls.check(JCudaDriver.cuEventSynchronize(end), "waiting for an event");
        float[] elapsed = new float[1];
        Calls.check(JCudaDriver.cuEventElapsedTime(elapsed, start, end), "reading a timer");
        return elapsed[0];
    }

    /** The upper one of two in the middle; the times keep their order. */
    public static float median(float[] times) {
        float[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        Calls.check(JCudaDriver.cuEventDestroy(start), "dropping an event");
        Calls.check(JCudaDriver.cuEventDestroy(end), "dropping an event");
    }
}
