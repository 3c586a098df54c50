package sightline.sensors.kafka;

/** Why a record was not admitted, in one sentence. */
public final class RefusedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedRecordException(String reason) {
        super(reason);
    }
}
