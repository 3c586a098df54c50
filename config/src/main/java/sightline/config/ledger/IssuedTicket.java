package sightline.config.ledger;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;

/** The half of a ticket that is given away. Nothing but its holder refers to it. */
final class IssuedTicket implements Ticket {

    final Slip slip;

    IssuedTicket(ReferenceQueue<Ticket> queue, Account account, boolean redelivered) {
        this.slip = new Slip(this, queue, account, redelivered);
    }

    @Override
    public String camera() {
        return slip.account.camera;
    }

    @Override
    public String stage() {
        return slip.account.stage;
    }

    @Override
    public boolean redelivered() {
        return slip.redelivered;
    }

    @Override
    public boolean close(Disposition disposition) {
        try {
            return slip.account.close(slip, disposition);
        } finally {
            // Otherwise a collection in the middle of this call could declare the ticket lost.
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean closed() {
        return slip.isSettled();
    }

    @Override
    public String toString() {
        return "ticket of " + camera() + " in " + stage() + (closed() ? ", closed" : ", open");
    }
}
