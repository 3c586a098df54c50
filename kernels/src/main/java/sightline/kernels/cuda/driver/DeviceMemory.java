package sightline.kernels.cuda.driver;

import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/** A piece of device memory with one owner, who closes it on the device's thread. */
public final class DeviceMemory implements AutoCloseable {
    private static final int ENABLED_ALREADY = 704;

    private final DeviceContext context;
    private final CUdeviceptr pointer;
    private final long bytes;
    private final Runnable released;
    private boolean closed;

    DeviceMemory(DeviceContext context, CUdeviceptr pointer, long bytes, Runnable released) {
        this.context = context;
        this.pointer = pointer;
        this.bytes = bytes;
        this.released = released;
    }

    /** Its size. */
    public long bytes() {
        return bytes;
    }

    /** The device address, for a kernel's parameters. */
    public long address() {
        return Addresses.of(pointer);
    }

    /** Copies now and waits: for weights, at compile time. */
    public void write(long offset, ByteBuffer direct) {
        Calls.check(
                JCudaDriver.cuMemcpyHtoD(pointer.withByteOffset(offset), Pointer.to(direct), direct.remaining()),
                "copying " + direct.remaining() + " bytes to the GPU");
    }

    /** Copies from pinned memory in stream order. */
    public void writeAsync(long offset, PinnedMemory from, long fromOffset, long count) {
        writeAsync(offset, from, fromOffset, count, context.stream());
    }

    /** The same in another stream than the device's. */
    public void writeAsync(long offset, PinnedMemory from, long fromOffset, long count, DeviceStream stream) {
        Calls.check(
                JCudaDriver.cuMemcpyHtoDAsync(
                        pointer.withByteOffset(offset), from.pointer(fromOffset), count, stream.handle()),
                "copying inputs to the GPU");
    }

    /** Copies to pinned memory in stream order. */
    public void readAsync(long offset, PinnedMemory to, long toOffset, long count) {
        readAsync(offset, to, toOffset, count, context.stream());
    }

    /** The same in another stream than the device's. */
    public void readAsync(long offset, PinnedMemory to, long toOffset, long count, DeviceStream stream) {
        Calls.check(
                JCudaDriver.cuMemcpyDtoHAsync(
                        to.pointer(toOffset), pointer.withByteOffset(offset), count, stream.handle()),
                "copying results from the GPU");
    }

    /**
     * Copies from the memory of another device, from card to card, and waits; false where the two cannot. On the thread of the
     * device that this is of.
     */
    public boolean readPeer(DeviceMemory other, long otherOffset, long offset, long count) {
        int[] can = new int[1];
        Calls.check(
                JCudaDriver.cuDeviceCanAccessPeer(can, context.device(), other.context.device()),
                "asking whether devices reach each other");
        if (can[0] != 0) {
            int code = JCudaDriver.cuCtxEnablePeerAccess(other.context.handle(), 0);
            if (code != ENABLED_ALREADY) {
                Calls.check(code, "letting one device reach the other");
            }
        }
        int code = JCudaDriver.cuMemcpyPeerAsync(
                pointer.withByteOffset(offset),
                context.handle(),
                other.pointer.withByteOffset(otherOffset),
                other.context.handle(),
                count,
                context.stream().handle());
        if (code == 0) {
            context.stream().synchronize("copying between devices");
        }
        return code == 0;
    }

    /** Fills in stream order; with 0xff every float reads NaN, so that an unwritten element shows. */
    public void fillAsync(long offset, int value, long count) {
        Calls.check(
                JCudaDriver.cuMemsetD8Async(
                        pointer.withByteOffset(offset),
                        (byte) value,
                        count,
                        context.stream().handle()),
                "filling GPU memory");
    }

    @Override
    public void close() {
        if (closed || context.gone()) {
            return;
        }
        closed = true;
        released.run();
        Calls.check(JCudaDriver.cuMemFree(pointer), "giving GPU memory back");
    }
}
