package sightline.kernels.weights;

/** A safetensors file that breaks the format; {@link #fault()} says how. */
public final class SafetensorsException extends WeightsException {
    private static final long serialVersionUID = 1L;

    /** What can be wrong with a file. */
    public enum Fault {
        /** Shorter than the eight bytes that give the header's length. */
        TOO_SHORT,
        /** A header longer than the limit of 100 MB. */
        HEADER_TOO_LARGE,
        /** The file ends inside the header. */
        HEADER_TRUNCATED,
        /** A header that is no UTF-8 or does not begin with a brace. */
        HEADER_START,
        /** A header that is no JSON object of the known form; also a name that occurs twice. */
        HEADER_MALFORMED,
        /** An element type that is not known. */
        UNKNOWN_DTYPE,
        /** Offsets that run backwards, overlap or leave a hole. */
        INVALID_OFFSET,
        /** A product of dimensions beyond what can be counted. */
        OVERFLOW,
        /** Offsets that do not give the bytes of the shape. */
        WRONG_SIZE,
        /** Tensors that end before or after the file does. */
        INCOMPLETE,
        /** A shard or tensor that the index names and that is not there. */
        MISSING_SHARD
    }

    private final transient Fault fault;

    SafetensorsException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    SafetensorsException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
