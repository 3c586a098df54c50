package sightline.config.ledger;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Remembers which (epoch, sequence) came by, within a window, without a lock.
 *
 * <p>Each epoch has a ring in which sequence s owns slot s mod {@value #WINDOW}. A slot that holds s, or a later
 * sequence, means that s was here or is too old to tell, which is taken as the same.
 */
final class Deliveries {

    /** How many sequence numbers of an epoch are remembered. */
    static final int WINDOW = 1024;

    /** How many epochs are remembered; the one that was first heard of longest ago is forgotten first. */
    private static final int EPOCHS = 4;

    private final AtomicReference<Ring[]> rings = new AtomicReference<>(new Ring[0]);

    /** Whether it was here before; remembers it. */
    boolean seen(long epoch, long sequence) {
        return ring(epoch).seen(sequence);
    }

    private Ring ring(long epoch) {
        while (true) {
            Ring[] now = rings.get();
            for (Ring ring : now) {
                if (ring.epoch == epoch) {
                    return ring;
                }
            }
            // By arrival, not by number: a source that restarts with its clock set back must not be shut out.
            Ring[] then = new Ring[Math.min(EPOCHS, now.length + 1)];
            then[0] = new Ring(epoch);
            System.arraycopy(now, 0, then, 1, then.length - 1);
            if (rings.compareAndSet(now, then)) {
                return then[0];
            }
        }
    }

    private static final class Ring {

        final long epoch;
        private final AtomicLongArray slots = new AtomicLongArray(WINDOW);

        Ring(long epoch) {
            this.epoch = epoch;
        }

        boolean seen(long sequence) {
            int slot = (int) Math.floorMod(sequence, (long) WINDOW);
            // Slots hold sequence + 1, so that 0 means empty.
            long mark = sequence + 1;
            while (true) {
                long was = slots.get(slot);
                if (was >= mark) {
                    return true;
                }
                if (slots.compareAndSet(slot, was, mark)) {
                    return false;
                }
            }
        }
    }
}
