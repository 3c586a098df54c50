package sightline.config.ledger;

import sightline.config.time.TimeSource;

/**
 * Counts every observation into a stage and out of it.
 *
 * <pre>{@code
 * Ticket ticket = ledger.open("c1", "decode");
 * ...
 * ticket.close(Disposition.DONE);
 * }</pre>
 *
 * <p>Threading: all methods may be called from any thread; opening and closing take no lock. Memory: one small row a
 * camera and stage, at most {@value #MAX_ACCOUNTS} of them (what comes after is booked under {@value #OVERFLOW}), and
 * about 200 bytes for each open ticket.
 */
public interface Ledger {

    /** The most pairs of camera and stage that get a row of their own. */
    int MAX_ACCOUNTS = 16_384;

    /** The camera under which everything beyond {@link #MAX_ACCOUNTS} is booked. */
    String OVERFLOW = "(other cameras)";

    /** Books an observation into a stage. For inputs that cannot be delivered twice. */
    Ticket open(String camera, String stage);

    /**
     * Books an observation that came from a log, where the same one may be delivered again.
     *
     * <p>The ledger remembers the latest {@value Deliveries#WINDOW} sequence numbers of the four epochs that it heard of last;
     * within them, an older number is taken for a redelivery. The first observation of an epoch may have any number.
     *
     * @param epoch the incarnation of the source, another one after each restart of it
     * @param sequence the number of the observation within the epoch, from 0 up
     */
    Ticket open(String camera, String stage, long epoch, long sequence);

    /** All rows, consistent to within the tickets that are being moved while it is taken. */
    LedgerSnapshot snapshot();

    /** A ledger that starts from nothing. */
    static Ledger create(TimeSource time) {
        return new LiveLedger(time);
    }
}
