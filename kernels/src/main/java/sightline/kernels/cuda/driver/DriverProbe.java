package sightline.kernels.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import sightline.kernels.cuda.driver.DriverStatus.State;

/**
 * Asks the driver library three questions through the foreign-function API, so that JCuda is neither loaded nor
 * unpacked on a machine that has no use for it. Thread-safe, without state; a probe takes milliseconds where no driver
 * is and up to a second where one starts.
 */
public final class DriverProbe {
    /** The oldest driver that runs our PTX: that of CUDA 12. Machine code for sm_80 and sm_90 needs no more. */
    static final int OLDEST_DRIVER = 12_000;

    private static final int NO_DEVICE = 100;

    private DriverProbe() {}

    /** Probes the library that {@code sightline.cuda.library} names, by default {@code libcuda.so.1}. */
    public static DriverStatus probe() {
        return probe(library());
    }

    /** The driver library that is probed and, by what JCuda links to, used. */
    public static String library() {
        return System.getProperty("sightline.cuda.library", "libcuda.so.1");
    }

    /**
     * The symbols of a library that stays loaded: JCuda links to the same driver.
     *
     * @param library a soname for the dynamic linker, or a path
     * @throws IllegalArgumentException where it is absent
     */
    @SuppressWarnings("restricted")
    public static SymbolLookup symbols(String library) {
        return library.indexOf('/') >= 0
                ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
                : SymbolLookup.libraryLookup(library, Arena.global());
    }

    /**
     * @param library a soname for the dynamic linker, or a path
     */
    @SuppressWarnings("restricted")
    public static DriverStatus probe(String library) {
        SymbolLookup symbols;
        try {
            symbols = symbols(library);
        } catch (IllegalArgumentException absent) {
            return new DriverStatus(
                    State.NO_DRIVER, "No NVIDIA driver: the library " + library + " is not on this machine.", 0, 0);
        }
        try (Arena arena = Arena.ofConfined()) {
            return ask(symbols, arena, library);
        } catch (Throwable failure) {
            return new DriverStatus(
                    State.DRIVER_FAILED,
                    "The library " + library + " is no working CUDA driver: " + failure.getMessage() + ".",
                    0,
                    0);
        }
    }

    private static DriverStatus ask(SymbolLookup symbols, Arena arena, String library) throws Throwable {
        MethodHandle init = function(symbols, "cuInit", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        MethodHandle version = function(symbols, "cuDriverGetVersion", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        MethodHandle count = function(symbols, "cuDeviceGetCount", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        MemorySegment answer = arena.allocate(JAVA_INT);
        int driver = (int) version.invokeExact(answer) == 0 ? answer.get(JAVA_INT, 0) : 0;
        int started = (int) init.invokeExact(0);
        if (started == NO_DEVICE) {
            return none(driver);
        }
        if (started != 0) {
            return new DriverStatus(
                    State.DRIVER_FAILED,
                    "The CUDA driver in " + library + " did not start: error " + started + ".",
                    driver,
                    0);
        }
        if (driver < OLDEST_DRIVER) {
            return new DriverStatus(
                    State.DRIVER_TOO_OLD,
                    "The NVIDIA driver is too old: it implements CUDA " + spoken(driver) + ", at least "
                            + spoken(OLDEST_DRIVER) + " is needed.",
                    driver,
                    0);
        }
        int devices = (int) count.invokeExact(answer) == 0 ? answer.get(JAVA_INT, 0) : 0;
        if (devices == 0) {
            return none(driver);
        }
        return new DriverStatus(
                State.READY,
                "CUDA " + spoken(driver) + " with " + devices + (devices == 1 ? " device." : " devices."),
                driver,
                devices);
    }

    private static DriverStatus none(int driver) {
        return new DriverStatus(State.NO_DEVICE, "An NVIDIA driver is here, but it shows no CUDA device.", driver, 0);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(SymbolLookup symbols, String name, FunctionDescriptor type) {
        return Linker.nativeLinker()
                .downcallHandle(
                        symbols.find(name).orElseThrow(() -> new IllegalStateException("it has no " + name)), type);
    }

    private static String spoken(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
