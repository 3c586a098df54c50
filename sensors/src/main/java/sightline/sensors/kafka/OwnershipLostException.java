package sightline.sensors.kafka;

/**
 * This writer may no longer write: a newer one holds the same transactional id, the group has given the partitions away,
 * or the outcome of the last commit stayed unknown. Whoever wants to go on acquires the role again and resumes from what
 * is committed.
 */
public final class OwnershipLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OwnershipLostException(String transactionalId, String reason, Throwable cause) {
        super(transactionalId + " " + reason, cause);
    }
}
