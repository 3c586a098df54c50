package sightline.sensors.kafka;

/** The transaction was rolled back, nothing of it is visible, and the writer can be used again. */
public final class TickAbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TickAbortedException(String transactionalId, int attempts, Throwable cause) {
        super(transactionalId + " rolled back after " + attempts + " attempts: " + cause.getMessage(), cause);
    }
}
