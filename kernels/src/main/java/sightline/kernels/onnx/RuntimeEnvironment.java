package sightline.kernels.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.CompletableFuture;

/**
 * ONNX Runtime's environment, of which a process has one. While it is made, version 1.29 matches a recursive regular
 * expression against the command line of the process, a quarter of a kilobyte of stack for each of its characters: a class
 * path of four thousand is the end of a thread with the usual megabyte, and of the process with it. So a thread with a
 * deep stack makes it.
 */
public final class RuntimeEnvironment {
    private static final long STACK = 256L << 20;

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
                        () -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sightline"),
                        work -> new Thread(null, work, "onnxruntime-environment", STACK).start())
                .join();
    }
}
