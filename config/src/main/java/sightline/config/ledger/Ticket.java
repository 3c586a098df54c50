package sightline.config.ledger;

/**
 * The receipt for one observation in one stage. Whoever holds it owes the ledger exactly one {@link #close}. A ticket
 * that becomes garbage while open is counted as lost.
 *
 * <p>Threading: any thread may close, many may try at once; the first wins. Closing takes no lock and never fails.
 */
public interface Ticket {

    String camera();

    String stage();

    /** Whether this observation had already been opened in this stage; such a ticket is counted apart. */
    boolean redelivered();

    /**
     * Says how the observation left the stage.
     *
     * @return whether this call closed it; false if it was closed before, which changes nothing
     */
    boolean close(Disposition disposition);

    /** Whether some thread has closed it. */
    boolean closed();
}
