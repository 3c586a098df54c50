package sightline.config.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ledger's own half of a ticket. It outlives the half that was given away, so a ticket that was dropped open comes
 * back through the reference queue with its account's name on it.
 *
 * <p>Closed or lost is decided once, by compare-and-set.
 */
final class Slip extends PhantomReference<Ticket> {

    private static final VarHandle SETTLED;

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(Slip.class, "settled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Account account;
    final boolean redelivered;
    private final int hash;

    @SuppressWarnings("unused") // through SETTLED
    private volatile boolean settled;

    Slip(Ticket ticket, ReferenceQueue<Ticket> queue, Account account, boolean redelivered) {
        super(ticket, queue);
        this.account = account;
        this.redelivered = redelivered;
        // The identity hash costs a call into the VM for each new object.
        this.hash = ThreadLocalRandom.current().nextInt();
    }

    /** True for the one caller that settles it. */
    boolean settle() {
        return !settled && SETTLED.compareAndSet(this, false, true);
    }

    boolean isSettled() {
        return settled;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }
}
