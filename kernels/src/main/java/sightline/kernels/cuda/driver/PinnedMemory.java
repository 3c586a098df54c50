package sightline.kernels.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jcuda.Pointer;

/**
 * Page-locked host memory, which the copy engines reach without staging. Owned by a session; filled and read by its
 * caller, copied on the device's thread. Of any size: JCuda's own call ends where a byte buffer does, at 2 GiB, so it is
 * made through the foreign-function API.
 */
public final class PinnedMemory implements AutoCloseable {
    /** The driver's calls, linked once. */
    private static final class Driver {
        private static final MethodHandle ALLOCATE = link("cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT);
        private static final MethodHandle FREE = link("cuMemFreeHost", ADDRESS);

        @SuppressWarnings("restricted")
        private static MethodHandle link(String name, MemoryLayout... arguments) {
            return Linker.nativeLinker()
                    .downcallHandle(
                            DriverProbe.symbols(DriverProbe.library())
                                    .find(name)
                                    .orElseThrow(),
                            FunctionDescriptor.of(JAVA_INT, arguments));
        }
    }

    /** The least that is taken; JCuda is shown as much and told the offset. */
    private static final long LEAST = 64;

    private final MemorySegment segment;
    private final Pointer pointer;
    private boolean closed;

    /** Takes at least as much; on a thread that is in a context. */
    public PinnedMemory(long bytes) {
        long size = Math.max(LEAST, bytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment place = arena.allocate(ADDRESS);
            int code = (int) Driver.ALLOCATE.invokeExact(place, size, 0);
            Calls.check(code, "pinning " + size + " bytes");
            segment = whole(place.get(ADDRESS, 0), size);
            pointer = Pointer.to(segment.asSlice(0, LEAST).asByteBuffer());
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment whole(MemorySegment address, long bytes) {
        return address.reinterpret(bytes);
    }

    /** As many as were taken. */
    public long bytes() {
        return segment.byteSize();
    }

    /** The memory itself, valid until it is closed. */
    public MemorySegment segment() {
        return segment;
    }

    Pointer pointer(long offset) {
        return pointer.withByteOffset(offset);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Calls.check((int) Driver.FREE.invokeExact(segment), "unpinning memory");
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
