package sightline.kernels.cuda.driver;

import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A stream: what a device is given in it is done in order. Of one context; any thread that is in it. */
public final class DeviceStream implements AutoCloseable {
    private final CUstream handle;

    DeviceStream(CUstream handle) {
        this.handle = handle;
    }

    CUstream handle() {
        return handle;
    }

    /** The calling thread waits until all is done that it was given. */
    public void synchronize(String doing) {
        Calls.check(JCudaDriver.cuStreamSynchronize(handle), doing);
    }

    @Override
    public void close() {
        Calls.check(JCudaDriver.cuStreamDestroy(handle), "dropping a stream");
    }
}
