package sightline.kernels.cuda;

import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A piece of device memory with one owner, who closes it on the device's thread. */
final class DeviceMemory implements AutoCloseable {
    private final CudaDevice device;
    private final CUdeviceptr pointer;
    private final long bytes;
    private final int generation;
    private boolean closed;

    DeviceMemory(CudaDevice device, CUdeviceptr pointer, long bytes, int generation) {
        this.device = device;
        this.pointer = pointer;
        this.bytes = bytes;
        this.generation = generation;
    }

    long bytes() {
        return bytes;
    }

    CudaDevice device() {
        return device;
    }

    CUdeviceptr pointer(long offset) {
        return pointer.withByteOffset(offset);
    }

    /** The device address, for a kernel's parameters. */
    long address() {
        return Addresses.of(pointer);
    }

    /** Copies now and waits: for weights, at compile time. */
    void write(long offset, ByteBuffer direct) {
        Calls.check(
                JCudaDriver.cuMemcpyHtoD(pointer.withByteOffset(offset), Pointer.to(direct), direct.remaining()),
                "copying " + direct.remaining() + " bytes to the GPU");
    }

    /** Copies from pinned memory in stream order. */
    void writeAsync(long offset, PinnedMemory from, long fromOffset, long count) {
        writeAsync(offset, from, fromOffset, count, device.stream());
    }

    /** The same in another stream than the device's. */
    void writeAsync(long offset, PinnedMemory from, long fromOffset, long count, CUstream stream) {
        Calls.check(
                JCudaDriver.cuMemcpyHtoDAsync(pointer.withByteOffset(offset), from.pointer(fromOffset), count, stream),
                "copying inputs to the GPU");
    }

    /** Copies to pinned memory in stream order. */
    void readAsync(long offset, PinnedMemory to, long toOffset, long count) {
        readAsync(offset, to, toOffset, count, device.stream());
    }

    /** The same in another stream than the device's. */
    void readAsync(long offset, PinnedMemory to, long toOffset, long count, CUstream stream) {
        Calls.check(
                JCudaDriver.cuMemcpyDtoHAsync(to.pointer(toOffset), pointer.withByteOffset(offset), count, stream),
                "copying results from the GPU");
    }

    /** Fills in stream order; with 0xff every float reads NaN, so that an unwritten element shows. */
    void fillAsync(long offset, int value, long count) {
        Calls.check(
                JCudaDriver.cuMemsetD8Async(pointer.withByteOffset(offset), (byte) value, count, device.stream()),
                "filling GPU memory");
    }

    @Override
    public void close() {
        if (closed || generation != device.generation()) {
            return;
        }
        closed = true;
        device.released(bytes);
        Calls.check(JCudaDriver.cuMemFree(pointer), "giving GPU memory back");
    }
}
