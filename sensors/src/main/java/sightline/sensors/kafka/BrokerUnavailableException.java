package sightline.sensors.kafka;

/** A cluster did not do what it was asked; the message says what, where and why in one sentence. */
public final class BrokerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokerUnavailableException(String action, String bootstrapServers, Throwable cause) {
        super("cannot " + action + " at " + bootstrapServers + ": " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
