package sightline.sensors.kafka;

import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * Hands records to the subscriber, on a thread of its own and within its demand.
 *
 * <p>The polling thread is the only producer of the queue. The consumer is whoever raised {@code wip} from zero: that
 * party alone drains, clears and signals, so signals are serial without a lock. The queue never holds more than the
 * records in flight, which the polling side bounds.
 */
final class Emission {
    private static final Logger LOG = LoggerFactory.getLogger(Emission.class);

    private final CoreSubscriber<? super Inbound> subscriber;
    private final ExecutorService thread;
    private final Queue<Inbound> queue;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger wip = new AtomicInteger();
    private volatile boolean cancelled;
    private volatile boolean completed;
    private volatile Throwable failure;
    private volatile boolean terminated;

    Emission(CoreSubscriber<? super Inbound> subscriber, String label, int capacity) {
        this.subscriber = subscriber;
        this.queue = Queues.<Inbound>get(capacity).get();
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("kafka-emit-" + label).factory());
    }

    /** Demand that neither a delivered nor a queued record answers yet. */
    boolean wants() {
        return demand.get() > queued.get();
    }

    /** Records that were polled and not delivered yet. */
    int queued() {
        return queued.get();
    }

    boolean request(long n) {
        if (n <= 0) {
            fail(new IllegalArgumentException("a subscriber must request more than " + n + " (Reactive Streams 3.9)"));
            return false;
        }
        demand.accumulateAndGet(n, Operators::addCap);
        drain();
        return true;
    }

    void offer(Inbound inbound) {
        queued.incrementAndGet();
        if (!queue.offer(inbound)) {
            throw new IllegalStateException("more records in flight than the bound allows");
        }
    }

    void cancel() {
        cancelled = true;
        drain();
    }

    void complete() {
        completed = true;
        drain();
    }

    void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        drain();
    }

    /** True once nothing will be signalled any more. */
    boolean ended() {
        return cancelled || terminated || failure != null;
    }

    /** Starts delivering what is queued unless that is under way. */
    void drain() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        try {
            thread.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            // The session is over: nobody is left to signal to, but what is queued must still be let go.
            clear();
        }
    }

    private void deliver() {
        int missed = 1;
        do {
            try {
                round();
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "the subscriber of {} threw, which ends its stream",
                        Thread.currentThread().getName(),
                        e);
                cancelled = true;
                clear();
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    private void round() {
        long allowed = demand.get();
        long emitted = 0;
        while (!stopped() && emitted < allowed) {
            Inbound next = queue.poll();
            if (next == null) {
                break;
            }
            queued.decrementAndGet();
            if (next.revoked()) {
                next.release();
            } else {
                emitted++;
                subscriber.onNext(next);
            }
        }
        if (emitted > 0 && allowed != Long.MAX_VALUE) {
            demand.addAndGet(-emitted);
        }
        finish();
    }

    private void finish() {
        if (stopped()) {
            clear();
            if (failure != null && !cancelled && !terminated) {
                terminated = true;
                subscriber.onError(failure);
            }
        } else if (completed && queue.isEmpty()) {
            terminated = true;
            subscriber.onComplete();
        }
    }

    private boolean stopped() {
        return cancelled || terminated || failure != null;
    }

    private void clear() {
        for (Inbound next = queue.poll(); next != null; next = queue.poll()) {
            queued.decrementAndGet();
            next.release();
        }
    }

    /** Lets the thread end after what it is doing. */
    void close() {
        thread.shutdown();
    }
}
