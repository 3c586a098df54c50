package sightline.kernels.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;

/**
 * ONNX Runtime's environment, of which a process has one. While it is made, version 1.29 matches a recursive regular
 * expression against the command line of the process, a quarter of a kilobyte of stack for each of its characters: a class
 * path of four thousand is the end of a thread with the usual megabyte, and of the process with it. So a thread with a
 * deep stack makes it.
 *
 * <p>The Java binding lets go of it in a shutdown hook, while sessions may still run: SIGTERM then ends in SIGSEGV. So the
 * process holds it once more, by the C interface, which counts; {@link NativeCalls} sees to it that nothing runs at the
 * very end.
 */
public final class RuntimeEnvironment {
    private static final long STACK = 256L << 20;
    /** Every version of the C interface begins with what the first had: CreateEnv is the fourth function. */
    private static final int FIRST_VERSION = 1;

    private static final int CREATE_ENV = 3;
    private static final int ERRORS_ONLY = 3;

    private RuntimeEnvironment() {}

    /** The one environment; for whoever opens a session beside this engine's own. */
    public static OrtEnvironment get() {
        return Holder.ENVIRONMENT;
    }

    /** Apart, so that the thread which makes the environment does not wait for the class that waits for it. */
    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = make();
    }

    private static OrtEnvironment make() {
        return CompletableFuture.supplyAsync(
                        () -> {
                            OrtEnvironment environment =
                                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sightline");
                            holdOnceMore();
                            return environment;
                        },
                        work -> new Thread(null, work, "onnxruntime-environment", STACK).start())
                .join();
    }

    @SuppressWarnings("restricted")
    private static void holdOnceMore() {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment base = (MemorySegment) linker.downcallHandle(
                            SymbolLookup.loaderLookup().findOrThrow("OrtGetApiBase"),
                            FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            MemorySegment api = (MemorySegment) linker.downcallHandle(
                            function(base, 0), FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                    .invokeExact(FIRST_VERSION);
            MemorySegment failure = (MemorySegment) linker.downcallHandle(
                            function(api, CREATE_ENV),
                            FunctionDescriptor.of(
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS))
                    .invokeExact(ERRORS_ONLY, arena.allocateFrom("sightline"), arena.allocate(ValueLayout.ADDRESS));
            if (failure.address() != 0) {
                throw new IllegalStateException("ONNX Runtime did not give its environment a second time");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment function(MemorySegment table, int index) {
        long size = (index + 1) * ValueLayout.ADDRESS.byteSize();
        return table.reinterpret(size).getAtIndex(ValueLayout.ADDRESS, index);
    }
}
