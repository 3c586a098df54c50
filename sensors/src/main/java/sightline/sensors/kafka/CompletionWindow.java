package sightline.sensors.kafka;

import java.util.ArrayDeque;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The records of one partition between the oldest that is not completed and the newest that was read.
 *
 * <p>Work completes in any order; what may be committed is the end of the completed run at the front. Offsets need not
 * be dense: compaction and transaction markers leave holes, so the run is counted in records, not in offsets.
 *
 * <p>Threading: all methods are safe from any thread; they hold the lock for a few instructions.
 */
final class CompletionWindow {

    /** One record's place in the window. It holds no payload: a stuck front must not keep completed frames alive. */
    static final class Slot {
        private final long offset;
        private final Optional<Integer> leaderEpoch;
        private boolean done;
        private boolean abandoned;

        private Slot(long offset, Optional<Integer> leaderEpoch) {
            this.offset = offset;
            this.leaderEpoch = leaderEpoch;
        }
    }

    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private int open;
    private OffsetAndMetadata completed;
    private boolean revoked;

    /** Adds a record at the newest end. Only the polling thread calls this, in offset order. */
    synchronized Slot open(long offset, Optional<Integer> leaderEpoch) {
        var slot = new Slot(offset, leaderEpoch);
        slots.addLast(slot);
        open++;
        return slot;
    }

    /** Marks a record as completed; a second call has no effect. */
    synchronized void complete(Slot slot) {
        if (slot.done) {
            return;
        }
        slot.done = true;
        if (!slot.abandoned) {
            open--;
        }
        Slot last = null;
        while (!slots.isEmpty() && slots.peekFirst().done) {
            last = slots.pollFirst();
        }
        if (last != null) {
            completed = new OffsetAndMetadata(last.offset + 1, last.leaderEpoch, "");
        }
    }

    /** Nobody works on the record any more, but it is not completed: nothing from it on may be committed. */
    synchronized void abandon(Slot slot) {
        if (!slot.done && !slot.abandoned) {
            slot.abandoned = true;
            open--;
        }
    }

    /** The position up to which everything is completed, or empty while nothing is. */
    synchronized Optional<OffsetAndMetadata> completed() {
        return Optional.ofNullable(completed);
    }

    /** Records that were read and neither completed nor abandoned. */
    synchronized int open() {
        return open;
    }

    /** Records between the front and the newest, completed ones included. */
    synchronized int span() {
        return slots.size();
    }

    /** From now on the partition belongs to somebody else: nothing of it may be emitted or committed. */
    synchronized void revoke() {
        revoked = true;
    }

    synchronized boolean revoked() {
        return revoked;
    }
}
