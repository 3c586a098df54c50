package sightline.kernels.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import sightline.kernels.cuda.program.Launch;

/**
 * Launches a kernel that may begin to start before the one ahead of it in the stream has ended (programmatic dependent
 * launch, Hopper and later): the kernel itself waits before it touches memory. JCuda 12.6 does not know the call, so it is
 * made through the foreign-function API. Belongs to the device's thread.
 */
final class DependentLaunch {
    private static final int SERIALIZATION = 6;
    private static final long CONFIG_BYTES = 56;
    private static final long ATTRIBUTE_BYTES = 72;

    private final MethodHandle launch;

    private DependentLaunch(MethodHandle launch) {
        this.launch = launch;
    }

    /** Empty where the driver or the device has no such launch. */
    @SuppressWarnings("restricted")
    static Optional<DependentLaunch> of(String library, int capability) {
        if (capability < 90) {
            return Optional.empty();
        }
        try {
            return DriverProbe.symbols(library)
                    .find("cuLaunchKernelEx")
                    .map(symbol -> Linker.nativeLinker()
                            .downcallHandle(
                                    symbol, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG)))
                    .map(DependentLaunch::new);
        } catch (IllegalArgumentException absent) {
            return Optional.empty();
        }
    }

    void issue(Launch kernel, CUfunction function, CUstream stream) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attribute = arena.allocate(ATTRIBUTE_BYTES, 8);
            attribute.set(JAVA_INT, 0, SERIALIZATION);
            attribute.set(JAVA_INT, 8, 1);
            MemorySegment config = arena.allocate(CONFIG_BYTES, 8);
            int[] sizes = {
                kernel.grid().x(), kernel.grid().y(), kernel.grid().z(), kernel.block(), 1, 1, kernel.sharedBytes()
            };
            MemorySegment.copy(sizes, 0, config, JAVA_INT, 0, sizes.length);
            config.set(JAVA_LONG, 32, Addresses.of(stream));
            config.set(ADDRESS, 40, attribute);
            config.set(JAVA_INT, 48, 1);
            byte[] bytes = kernel.params();
            MemorySegment params = arena.allocate(bytes.length, 64);
            MemorySegment.copy(bytes, 0, params, ValueLayout.JAVA_BYTE, 0, bytes.length);
            MemorySegment list = arena.allocateFrom(ADDRESS, params);
            int code = (int) launch.invokeExact(config, Addresses.of(function), list, 0L);
            Calls.check(code, "launching " + kernel.kernel() + " for " + kernel.label());
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
