package sightline.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * What Hopper's bulk copy engine must know of a matrix to fetch tiles of it, as the driver encodes it. JCuda 12.6 does not
 * know the call, so it is made through the foreign-function API.
 */
final class TensorMap {
    /** Bytes of a row of a tile; longer rows would not fit the swizzle. */
    static final int ROW_BYTES = 128;

    private static final int LONGS = 16;
    private static final int UINT8 = 0;
    private static final int BFLOAT16 = 9;
    private static final int SWIZZLE_128 = 3;
    private static final int PROMOTE_256 = 3;

    private TensorMap() {}

    /**
     * The encoded map of a row-major matrix whose tiles are {@code tileRows} rows of 128 bytes.
     *
     * @param address of the matrix on the device
     * @param elementBytes 1 or 2
     */
    @SuppressWarnings("restricted")
    static long[] tiles(long address, long rows, long columns, int elementBytes, int tileRows) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle encode = Linker.nativeLinker()
                    .downcallHandle(
                            SymbolLookup.libraryLookup(DriverProbe.library(), arena)
                                    .find("cuTensorMapEncodeTiled")
                                    .orElseThrow(() -> new CudaFailure(
                                            CudaFailure.Kind.ABSENT, 0, "The NVIDIA driver knows no tensor maps.")),
                            FunctionDescriptor.of(
                                    JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS,
                                    ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
            MemorySegment map = arena.allocate(8L * LONGS, 64);
            int code = (int) encode.invokeExact(
                    map,
                    elementBytes == 2 ? BFLOAT16 : UINT8,
                    2,
                    address,
                    arena.allocateFrom(JAVA_LONG, columns, rows),
                    arena.allocateFrom(JAVA_LONG, columns * elementBytes),
                    arena.allocateFrom(JAVA_INT, ROW_BYTES / elementBytes, tileRows),
                    arena.allocateFrom(JAVA_INT, 1, 1),
                    0,
                    SWIZZLE_128,
                    PROMOTE_256,
                    0);
            Calls.check(code, "describing a matrix to the copy engine");
            return map.toArray(JAVA_LONG);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
