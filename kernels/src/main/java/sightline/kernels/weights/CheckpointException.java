package sightline.kernels.weights;

/** A framework checkpoint that is refused: broken, or asking for something that is not on the allow-list. */
public final class CheckpointException extends WeightsException {
    private static final long serialVersionUID = 1L;

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
