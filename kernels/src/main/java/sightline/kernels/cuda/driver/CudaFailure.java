package sightline.kernels.cuda.driver;

/**
 * A driver call that failed, as one sentence and a kind to act on.
 *
 * <p>{@link Kind#OUT_OF_MEMORY} leaves the device usable. {@link Kind#STICKY} means that the context is lost: every
 * later call on it fails, and {@code CudaDevice.reopen()} makes a new one. Anything else is a mistake in a call.
 */
public final class CudaFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a caller can do about it. */
    public enum Kind {
        ABSENT,
        NO_KERNELS,
        OUT_OF_MEMORY,
        OVER_QUOTA,
        STICKY,
        REJECTED
    }

    private final Kind kind;
    private final int code;

    /** @param code the driver's result code, 0 where no call was made */
    public CudaFailure(Kind kind, int code, String sentence) {
        super(sentence);
        this.kind = kind;
        this.code = code;
    }

    /** What is said of work for a context that is no more. */
    public static CudaFailure ofGoneContext() {
        return new CudaFailure(Kind.STICKY, 0, "The GPU context that this was running in is gone.");
    }

    /** What a caller can do about it. */
    public Kind kind() {
        return kind;
    }

    /** Whether there was too little memory, which leaves the device usable. */
    public boolean ofMemory() {
        return kind == Kind.OUT_OF_MEMORY || kind == Kind.OVER_QUOTA;
    }

    /** The driver's result code, 0 where no call was made. */
    public int code() {
        return code;
    }

    /** Turns a driver's result code into a failure of the right kind. */
    public static CudaFailure of(int code, String name, String doing) {
        Kind kind =
                switch (code) {
                    case 2 -> Kind.OUT_OF_MEMORY;
                    // Illegal address, assert, launch failure, hardware stack, instruction, pc and ECC errors, a
                    // launch that ran out of time, an exception on another process: the context does not recover.
                    case 4, 214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719 -> Kind.STICKY;
                    default -> Kind.REJECTED;
                };
        String sentence =
                switch (kind) {
                    case OUT_OF_MEMORY -> "The GPU has too little free memory while " + doing + ".";
                    case STICKY ->
                        "The GPU context is lost (" + name + ", error " + code + ") while " + doing
                                + "; it must be reopened.";
                    default -> "The CUDA driver refused " + doing + ": " + name + " (error " + code + ").";
                };
        return new CudaFailure(kind, code, sentence);
    }
}
