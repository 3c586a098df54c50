package sightline.kernels.engine;

import java.util.Map;
import sightline.kernels.tensor.DType;

/**
 * How to compile.
 *
 * @param lengths lengths of the graph's named dimensions
 * @param threads threads of one run; an engine that has its own parallelism may ignore it
 * @param spinning whether threads wait busily for more work: the fastest where nothing else wants the cores, and a theft of
 *     them where something does
 * @param precision F32, or F64 on the reference engine: then inputs and outputs that the graph declares F32 are taken
 *     and returned as F64
 * @param strict refuse weights that the graph does not use
 * @param checkFinite refuse weights with NaN or infinity
 * @param communicator the other ranks, for graphs with collectives
 */
public record CompileOptions(
        Map<String, Long> lengths,
        int threads,
        boolean spinning,
        DType precision,
        boolean strict,
        boolean checkFinite,
        Communicator communicator) {
    /** One thread that does not spin, float32, strict, alone. */
    public static final CompileOptions DEFAULT =
            new CompileOptions(Map.of(), 1, false, DType.F32, true, true, Communicator.ALONE);

    public CompileOptions {
        lengths = Map.copyOf(lengths);
        if (threads < 1) {
            throw new IllegalArgumentException("A session needs a thread, not " + threads);
        }
        if (precision != DType.F32 && precision != DType.F64) {
            throw new IllegalArgumentException("Precision is F32 or F64, not " + precision);
        }
    }

    public CompileOptions withLengths(Map<String, Long> value) {
        return new CompileOptions(value, threads, spinning, precision, strict, checkFinite, communicator);
    }

    public CompileOptions withThreads(int value) {
        return new CompileOptions(lengths, value, spinning, precision, strict, checkFinite, communicator);
    }

    public CompileOptions withSpinning(boolean value) {
        return new CompileOptions(lengths, threads, value, precision, strict, checkFinite, communicator);
    }

    public CompileOptions withPrecision(DType value) {
        return new CompileOptions(lengths, threads, spinning, value, strict, checkFinite, communicator);
    }

    /** Weights may hold more than the graph uses. */
    public CompileOptions lenient() {
        return new CompileOptions(lengths, threads, spinning, precision, false, checkFinite, communicator);
    }

    public CompileOptions withCommunicator(Communicator value) {
        return new CompileOptions(lengths, threads, spinning, precision, strict, checkFinite, value);
    }
}
