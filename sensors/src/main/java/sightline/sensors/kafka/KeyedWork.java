package sightline.sensors.kafka;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription of {@link KeyedParallel}.
 *
 * <p>A key that is worked on has a lane, where its next values wait; a lane that runs dry is removed, so the map holds
 * busy keys only. Results go through one queue to whichever worker raised {@code wip} from zero.
 */
final class KeyedWork<T, R> implements CoreSubscriber<T>, Subscription {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final CoreSubscriber<? super R> downstream;
    private final Function<? super T, ?> key;
    private final Function<? super T, R> work;
    private final int maxPending;
    private final int replenish;
    private final ExecutorService workers;
    private final Map<Object, ArrayDeque<T>> lanes = new HashMap<>();
    private final Queue<R> results = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger consumed = new AtomicInteger();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger wip = new AtomicInteger();
    private Subscription upstream;
    private volatile boolean upstreamDone;
    private volatile Throwable failure;
    private volatile boolean cancelled;
    private boolean terminated;

    KeyedWork(
            CoreSubscriber<? super R> downstream,
            Function<? super T, ?> key,
            int workers,
            int maxPending,
            Function<? super T, R> work) {
        this.downstream = downstream;
        this.key = key;
        this.work = work;
        this.maxPending = maxPending;
        this.replenish = Math.max(1, maxPending / 4);
        String name = "keyed-" + NAMES.incrementAndGet() + "-";
        this.workers = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    @Override
    public Context currentContext() {
        return downstream.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            downstream.onSubscribe(this);
            subscription.request(maxPending);
        }
    }

    @Override
    public void onNext(T value) {
        if (ended()) {
            Operators.onDiscard(value, currentContext());
            return;
        }
        pending.incrementAndGet();
        Object itsKey;
        try {
            itsKey = key.apply(value);
        } catch (RuntimeException e) {
            fail(value, e);
            return;
        }
        synchronized (lanes) {
            ArrayDeque<T> lane = lanes.get(itsKey);
            if (lane != null) {
                lane.add(value);
                return;
            }
            lanes.put(itsKey, new ArrayDeque<>(2));
        }
        start(itsKey, value);
    }

    private void start(Object itsKey, T value) {
        try {
            workers.execute(() -> work(itsKey, value));
        } catch (RejectedExecutionException e) {
            Operators.onDiscard(value, currentContext());
            drain();
        }
    }

    private void work(Object itsKey, T value) {
        if (ended()) {
            Operators.onDiscard(value, currentContext());
        } else {
            try {
                R result = work.apply(value);
                if (result == null) {
                    settled(1);
                } else {
                    results.add(result);
                }
            } catch (RuntimeException | Error e) {
                fail(value, e);
            }
        }
        next(itsKey);
        drain();
    }

    private void next(Object itsKey) {
        T following;
        synchronized (lanes) {
            ArrayDeque<T> lane = lanes.get(itsKey);
            following = lane == null ? null : lane.poll();
            if (following == null) {
                lanes.remove(itsKey);
            }
        }
        if (following != null) {
            start(itsKey, following);
        }
    }

    /** Values that are through make room for as many new ones, asked for a few at a time. */
    private void settled(int count) {
        pending.addAndGet(-count);
        int through = consumed.addAndGet(count);
        if (through >= replenish && consumed.compareAndSet(through, 0)) {
            upstream.request(through);
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            demand.accumulateAndGet(n, Operators::addCap);
            drain();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        upstream.cancel();
        drain();
    }

    @Override
    public void onError(Throwable e) {
        if (failure == null) {
            failure = e;
        }
        drain();
    }

    @Override
    public void onComplete() {
        upstreamDone = true;
        drain();
    }

    /** Cancels before it discards: a record is then released to be read again, not acknowledged as dropped. */
    private void fail(T value, Throwable e) {
        upstream.cancel();
        Operators.onDiscard(value, currentContext());
        onError(e);
    }

    private boolean ended() {
        return cancelled || failure != null;
    }

    private void drain() {
        if (wip.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            deliver();
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    private void deliver() {
        long allowed = demand.get();
        int emitted = 0;
        while (!ended() && emitted < allowed) {
            R result = results.poll();
            if (result == null) {
                break;
            }
            emitted++;
            downstream.onNext(result);
        }
        if (emitted > 0) {
            if (allowed != Long.MAX_VALUE) {
                demand.addAndGet(-emitted);
            }
            settled(emitted);
        }
        if (terminated) {
            discardHeld();
        } else if (ended()) {
            terminated = true;
            discardHeld();
            if (!cancelled) {
                downstream.onError(failure);
            }
            workers.shutdown();
        } else if (upstreamDone && pending.get() == 0) {
            terminated = true;
            downstream.onComplete();
            workers.shutdown();
        }
    }

    private void discardHeld() {
        synchronized (lanes) {
            lanes.values().forEach(lane -> {
                lane.forEach(value -> Operators.onDiscard(value, currentContext()));
                lane.clear();
            });
        }
        for (R result = results.poll(); result != null; result = results.poll()) {
            Operators.onDiscard(result, currentContext());
        }
    }
}
