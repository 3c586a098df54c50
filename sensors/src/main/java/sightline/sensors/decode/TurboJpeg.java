package sightline.sensors.decode;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The functions of libjpeg-turbo's TurboJPEG interface (version 2) that are used here. The library is looked for once, by
 * the names under which systems install it; where it is absent or incomplete, nothing fails and nothing is loaded.
 */
final class TurboJpeg {
    static final int RGB = 0;
    static final int SAMPLES_420 = 2;
    static final int FLAG_NO_REALLOC = 1024;
    static final int FLAG_STOP_ON_WARNING = 8192;
    static final int FLAG_LIMIT_SCANS = 32768;

    private static final List<String> NAMES =
            List.of("libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib", "turbojpeg.dll");
    private static final Optional<TurboJpeg> LOADED = find();

    final MethodHandle initDecompress;
    final MethodHandle decompress;
    final MethodHandle initCompress;
    final MethodHandle compress;
    final MethodHandle bufferSize;
    final MethodHandle destroy;
    private final MethodHandle errorText;

    @SuppressWarnings("restricted")
    private TurboJpeg(SymbolLookup library) {
        Linker linker = Linker.nativeLinker();
        initDecompress = linker.downcallHandle(library.findOrThrow("tjInitDecompress"), FunctionDescriptor.of(ADDRESS));
        decompress = linker.downcallHandle(
                library.findOrThrow("tjDecompress2"),
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                        JAVA_INT));
        initCompress = linker.downcallHandle(library.findOrThrow("tjInitCompress"), FunctionDescriptor.of(ADDRESS));
        compress = linker.downcallHandle(
                library.findOrThrow("tjCompress2"),
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT,
                        JAVA_INT, JAVA_INT));
        bufferSize = linker.downcallHandle(
                library.findOrThrow("tjBufSize"), FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
        destroy = linker.downcallHandle(library.findOrThrow("tjDestroy"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
        errorText =
                linker.downcallHandle(library.findOrThrow("tjGetErrorStr2"), FunctionDescriptor.of(ADDRESS, ADDRESS));
    }

    /** The library, if this machine has it. */
    static Optional<TurboJpeg> load() {
        return LOADED;
    }

    @SuppressWarnings("restricted")
    private static Optional<TurboJpeg> find() {
        // C longs are 32 bits on Windows, which these descriptors do not describe.
        if (System.getProperty("os.name").startsWith("Windows")) {
            return Optional.empty();
        }
        for (String name : NAMES) {
            try {
                return Optional.of(new TurboJpeg(SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException | java.util.NoSuchElementException | IllegalCallerException e) {
                // Not under this name, not complete, or native access is not allowed: the next, or ImageIO.
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("restricted")
    String error(MemorySegment handle) {
        try {
            MemorySegment text = (MemorySegment) errorText.invokeExact(handle);
            return text.reinterpret(400).getString(0);
        } catch (Throwable e) {
            return "unknown error";
        }
    }

    MemorySegment open(MethodHandle init) {
        try {
            MemorySegment handle = (MemorySegment) init.invokeExact();
            if (handle.address() == 0) {
                throw new IllegalStateException("libjpeg-turbo gave no handle");
            }
            return handle;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libjpeg-turbo could not be called", e);
        }
    }

    void close(MemorySegment handle) {
        try {
            int ignored = (int) destroy.invokeExact(handle);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("libjpeg-turbo could not be called", e);
        }
    }
}
