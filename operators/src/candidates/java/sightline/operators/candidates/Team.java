package sightline.operators.candidates;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The caller and a few threads that share the parts of one piece of work after the other. They wait busily for some
 * microseconds before they let go of their core, since a step is many short pieces. The caller waits for parts, not for threads: one
 * that gets no core in time is left out. One caller at a time.
 */
final class Team implements AutoCloseable {
    private static final int SPINS = 20_000;
    private static final long NAP_NANOS = 20_000;

    /** A part of the work; no two run for the same thread at once. */
    interface Work {
        void part(int thread, int part);
    }

    /** One piece of work. A thread that comes late finds no parts left. */
    private static final class Round {
        private final Work work;
        private final int parts;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Round(int parts, Work work) {
            this.parts = parts;
            this.work = work;
        }

        void take(int thread) {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                try {
                    work.part(thread, part);
                } catch (RuntimeException | Error thrown) {
                    failure = thrown;
                }
                done.incrementAndGet();
            }
        }
    }

    private final Thread[] others;
    private volatile Round round;
    private volatile boolean closed;

    Team(int threads) {
        others = new Thread[threads - 1];
        for (int i = 0; i < others.length; i++) {
            int thread = i + 1;
            others[i] = Thread.ofPlatform().daemon().name("team-" + thread).start(() -> serve(thread));
        }
    }

    int threads() {
        return others.length + 1;
    }

    /** Returns when all parts are done. */
    void run(int parts, Work work) {
        var mine = new Round(parts, work);
        round = mine;
        for (Thread other : others) {
            LockSupport.unpark(other);
        }
        mine.take(0);
        for (int i = 0; mine.done.get() < parts; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, NAP_NANOS);
            }
        }
        if (mine.failure != null) {
            throw new IllegalStateException("A part failed", mine.failure);
        }
    }

    private void serve(int thread) {
        Round served = null;
        while (!closed) {
            for (int i = 0; round == served && !closed; i++) {
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            served = round;
            if (served != null) {
                served.take(thread);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread other : others) {
            LockSupport.unpark(other);
        }
    }
}
