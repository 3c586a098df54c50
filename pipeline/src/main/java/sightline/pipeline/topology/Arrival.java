package sightline.pipeline.topology;

import sightline.config.domain.EncodedFrame;
import sightline.config.ledger.Disposition;
import sightline.config.ledger.Ticket;
import sightline.sensors.kafka.Inbound;

/**
 * A frame that came from Kafka, with the two things that are owed for it: the ledger's ticket and the record's
 * disposition. Whatever happens to the frame, exactly one of these methods settles both.
 */
record Arrival(EncodedFrame frame, Inbound record, Ticket ticket) {
    String camera() {
        return frame.header().camera();
    }

    /** Its result is stored. */
    void done() {
        ticket.close(Disposition.DONE);
        record.acknowledge();
    }

    /** A newer frame took its place. */
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

    /** Work on it broke off; the next frame of the camera is on its way. */
    void failed() {
        ticket.close(Disposition.FAILED);
        record.acknowledge();
    }
}
