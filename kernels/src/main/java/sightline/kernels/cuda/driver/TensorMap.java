package sightline.kernels.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import sightline.kernels.cuda.program.CopyEngine;

/**
 * What Hopper's bulk copy engine must know of a matrix to fetch tiles of it, as the driver encodes it. JCuda 12.6 does not
 * know the call, so it is made through the foreign-function API.
 */
public final class TensorMap {
    private static final int UINT8 = 0;
    private static final int BFLOAT16 = 9;
    private static final int SWIZZLE_64 = 2;
    private static final int SWIZZLE_128 = 3;
    private static final int PROMOTE_256 = 3;

    private TensorMap() {}

    /** The driver's call, looked up once. */
    private static final class Driver {
        private static final MethodHandle ENCODE = find();

        @SuppressWarnings("restricted")
        private static MethodHandle find() {
            return Linker.nativeLinker()
                    .downcallHandle(
                            DriverProbe.symbols(DriverProbe.library())
                                    .find("cuTensorMapEncodeTiled")
                                    .orElseThrow(() -> new CudaFailure(
                                            CudaFailure.Kind.ABSENT, 0, "The NVIDIA driver knows no tensor maps.")),
                            FunctionDescriptor.of(
                                    JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS,
                                    ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        }
    }

    /**
     * The encoded map of a row-major matrix whose tiles are {@code tileRows} rows of 128 bytes.
     *
     * @param address of the matrix on the device
     * @param elementBytes 1 or 2
     */
    public static long[] tiles(long address, long rows, long columns, int elementBytes, int tileRows) {
        return encode(address, elementBytes, new long[] {columns, rows}, new int[] {
            CopyEngine.ROW_BYTES / elementBytes, tileRows
        });
    }

    /** See {@link CopyEngine#boxes}, which this is where a device has that engine. */
    static long[] boxes(long address, long[] lengths, int[] box) {
        return encode(address, 2, lengths, box);
    }

    private static long[] encode(long address, int elementBytes, long[] lengths, int[] box) {
        int rank = lengths.length;
        long[] strides = new long[rank - 1];
        int[] steps = new int[rank];
        long stride = elementBytes;
        for (int i = 0; i < rank; i++) {
            stride *= lengths[i];
            if (i < rank - 1) {
                strides[i] = stride;
            }
            steps[i] = 1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment map = arena.allocate(8L * CopyEngine.LONGS, 64);
            int code = (int) Driver.ENCODE.invokeExact(
                    map,
                    elementBytes == 2 ? BFLOAT16 : UINT8,
                    rank,
                    address,
                    arena.allocateFrom(JAVA_LONG, lengths),
                    arena.allocateFrom(JAVA_LONG, strides),
                    arena.allocateFrom(JAVA_INT, box),
                    arena.allocateFrom(JAVA_INT, steps),
                    0,
                    box[0] * elementBytes == CopyEngine.ROW_BYTES ? SWIZZLE_128 : SWIZZLE_64,
                    PROMOTE_256,
                    0);
            Calls.check(code, "describing a matrix to the copy engine");
            return map.toArray(JAVA_LONG);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
