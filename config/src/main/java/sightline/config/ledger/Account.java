package sightline.config.ledger;

import java.lang.ref.ReferenceQueue;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The books of one camera in one stage.
 *
 * <p>What came in, what left and what is held are three separate counts, so that their sum can disagree. What is held
 * is the set of slips itself. Since no lock is taken, a reader can meet a ticket halfway between two of them; {@link
 * #begun} and {@link #finished} bound how many can be there, and only a difference beyond that bound is reported.
 */
final class Account {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    final String camera;
    final String stage;
    private final ReferenceQueue<Ticket> queue;
    private final Deliveries deliveries = new Deliveries();

    private final Set<Slip> held = ConcurrentHashMap.newKeySet();
    private final LongAdder received = new LongAdder();
    private final LongAdder redelivered = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final Map<Disposition, LongAdder> closed = new EnumMap<>(Disposition.class);
    private final Set<Slip> heldAgain = ConcurrentHashMap.newKeySet();
    private final LongAdder lostAgain = new LongAdder();

    private final LongAdder begun = new LongAdder();
    private final LongAdder finished = new LongAdder();

    Account(String camera, String stage, ReferenceQueue<Ticket> queue) {
        this.camera = camera;
        this.stage = stage;
        this.queue = queue;
        for (Disposition disposition : Disposition.values()) {
            closed.put(disposition, new LongAdder());
        }
    }

    boolean seen(long epoch, long sequence) {
        return deliveries.seen(epoch, sequence);
    }

    Ticket open() {
        begun.increment();
        IssuedTicket ticket = new IssuedTicket(queue, this, false);
        received.increment();
        held.add(ticket.slip);
        finished.increment();
        return ticket;
    }

    Ticket openAgain() {
        IssuedTicket ticket = new IssuedTicket(queue, this, true);
        redelivered.increment();
        heldAgain.add(ticket.slip);
        return ticket;
    }

    boolean close(Slip slip, Disposition disposition) {
        if (!slip.settle()) {
            return false;
        }
        if (slip.redelivered) {
            heldAgain.remove(slip);
            return true;
        }
        begun.increment();
        closed.get(disposition).increment();
        held.remove(slip);
        finished.increment();
        return true;
    }

    void lose(Slip slip) {
        if (!slip.settle()) {
            return;
        }
        LOG.warn("camera {}: an observation was dropped in stage {} without a disposition", camera, stage);
        if (slip.redelivered) {
            lostAgain.increment();
            heldAgain.remove(slip);
            return;
        }
        begun.increment();
        lost.increment();
        held.remove(slip);
        finished.increment();
    }

    LedgerRow row() {
        long finishedBefore = finished.sum();
        long in = received.sum();
        long gone = lost.sum();
        long done = closed.get(Disposition.DONE).sum();
        long superseded = closed.get(Disposition.SUPERSEDED).sum();
        long stale = closed.get(Disposition.STALE).sum();
        long invalid = closed.get(Disposition.INVALID).sum();
        long failed = closed.get(Disposition.FAILED).sum();
        long inFlight = held.size();
        long moving = begun.sum() - finishedBefore;
        long difference = Math.abs(in - inFlight - gone - done - superseded - stale - invalid - failed);
        return new LedgerRow(
                camera,
                stage,
                in,
                inFlight,
                done,
                superseded,
                stale,
                invalid,
                failed,
                redelivered.sum(),
                gone + lostAgain.sum(),
                Math.max(0, difference - moving));
    }
}
