package sightline.kernels.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A bounded set of equal sessions for callers on several threads. Sessions are made when first needed; the one that was
 * returned last is lent first, while its buffers are warm. Thread-safe.
 *
 * <p>A leased session belongs to its borrower until the lease is closed, outputs included.
 */
public final class SessionPool implements AutoCloseable {
    private final Supplier<Session> maker;
    private final Semaphore free;
    private final Deque<Session> idle = new ArrayDeque<>();
    private final List<Session> all = new ArrayList<>();
    private boolean closed;

    /** A pool of at most {@code size} sessions. */
    public SessionPool(int size, Supplier<Session> maker) {
        this.free = new Semaphore(size, true);
        this.maker = maker;
    }

    /** A session on loan. */
    public final class Lease implements AutoCloseable {
        private final Session session;
        private boolean returned;

        private Lease(Session session) {
            this.session = session;
        }

        public Session session() {
            return session;
        }

        /** Gives the session back. Idempotent. */
        @Override
        public void close() {
            synchronized (SessionPool.this) {
                if (returned) {
                    return;
                }
                returned = true;
                if (closed) {
                    session.close();
                } else {
                    idle.push(session);
                }
            }
            free.release();
        }
    }

    /** A session if one is free now; never waits, except for one to be compiled. */
    public Optional<Lease> tryBorrow() {
        return free.tryAcquire() ? Optional.of(lend()) : Optional.empty();
    }

    /** A session, waiting for one at most so long; empty after that. Not for event loops. */
    public Optional<Lease> borrow(Duration atMost) throws InterruptedException {
        return free.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS) ? Optional.of(lend()) : Optional.empty();
    }

    private Lease lend() {
        try {
            synchronized (this) {
                if (closed) {
                    throw new IllegalStateException("The pool is closed");
                }
                if (!idle.isEmpty()) {
                    return new Lease(idle.pop());
                }
            }
            Session made = maker.get();
            synchronized (this) {
                all.add(made);
            }
            return new Lease(made);
        } catch (RuntimeException failure) {
            free.release();
            throw failure;
        }
    }

    /** Sessions made so far. */
    public synchronized int size() {
        return all.size();
    }

    /** Closes idle sessions now and leased ones when they come back. */
    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(Session::close);
        idle.clear();
    }
}
