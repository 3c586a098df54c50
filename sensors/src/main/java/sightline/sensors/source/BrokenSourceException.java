package sightline.sensors.source;

/** A source that will not work however often it is tried: the file is missing, the format unknown. */
public final class BrokenSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokenSourceException(String message) {
        super(message);
    }

    public BrokenSourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
