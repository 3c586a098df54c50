package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked host memory, which the copy engines reach without staging. Owned by a session; filled and read by its
 * caller, copied on the device's thread.
 */
final class PinnedMemory implements AutoCloseable {
    private final Pointer pointer = new Pointer();
    private final long bytes;
    private final MemorySegment segment;
    private boolean closed;

    PinnedMemory(long bytes) {
        this.bytes = Math.max(64, bytes);
        Calls.check(JCudaDriver.cuMemHostAlloc(pointer, this.bytes, 0), "pinning " + this.bytes + " bytes");
        ByteBuffer whole = pointer.getByteBuffer(0, this.bytes).order(ByteOrder.LITTLE_ENDIAN);
        segment = MemorySegment.ofBuffer(whole);
    }

    long bytes() {
        return bytes;
    }

    MemorySegment segment() {
        return segment;
    }

    Pointer pointer(long offset) {
        return pointer.withByteOffset(offset);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Calls.check(JCudaDriver.cuMemFreeHost(pointer), "unpinning memory");
        }
    }
}
