package sightline.sensors.decode;

/** A compressed picture that is not decoded, and why. The message names the numbers that led to it. */
public final class UnreadablePictureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a picture is not decoded. */
    public enum Reason {
        /** No bytes at all. */
        EMPTY,
        /** It does not begin as a JPEG. */
        NOT_JPEG,
        /** It ends before its end marker. */
        TRUNCATED,
        /** More pixels, or a longer side, than the limits allow. */
        TOO_LARGE,
        /** More scans than any camera makes: decoding them all would take forever. */
        TOO_MANY_SCANS,
        /** Twelve bits a sample; only eight are supported. */
        TWELVE_BIT,
        /** Four components (CMYK or YCCK); only grey and YCbCr or RGB are supported. */
        CMYK,
        /** A coding that is not supported: lossless, hierarchical or arithmetic. */
        UNSUPPORTED_CODING,
        /** Markers or contents that make no sense. */
        CORRUPT
    }

    private final Reason reason;

    public UnreadablePictureException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public UnreadablePictureException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
