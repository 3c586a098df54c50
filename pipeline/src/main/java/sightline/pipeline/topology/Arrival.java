package sightline.pipeline.topology;

import sightline.config.ledger.Disposition;
import sightline.config.ledger.Ticket;
import sightline.sensors.kafka.Inbound;

/**
 * An observation that came from Kafka, with the two things that are owed for it: the ledger's ticket and the record's
 * disposition. Whatever happens to it, exactly one of these methods settles both.
 *
 * @param <T> a frame or a scan
 */
record Arrival<T>(T value, Inbound record, Ticket ticket) {
    /** Its result is stored, or its effect is in the state that is. */
    void done() {
        ticket.close(Disposition.DONE);
        record.acknowledge();
    }

    /** A newer one took its place. */
    void superseded() {
        ticket.close(Disposition.SUPERSEDED);
        record.discard();
    }

    /** Too old to be of use. */
    void stale() {
        ticket.close(Disposition.STALE);
        record.acknowledge();
    }

    /** Nobody can read it: it goes to the dead letters with the cause. */
    void invalid(String stage, Throwable cause) {
        ticket.close(Disposition.INVALID);
        record.deadLetter(stage, cause);
    }

    /** It came before, to this process: nothing is to be done again. The ledger knows it for what it is. */
    void redelivered() {
        done();
    }

    /** Work on it broke off; the next one of the sensor is on its way. */
    void failed() {
        ticket.close(Disposition.FAILED);
        record.acknowledge();
    }

    /** Whoever was to work on it may not any more: the record stays unread for whoever may. */
    void abandoned() {
        ticket.close(Disposition.FAILED);
        record.release();
    }
}
