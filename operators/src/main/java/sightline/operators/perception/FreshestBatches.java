package sightline.operators.perception;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Batches of the newest value of each key, as fast as the consumer asks.
 *
 * <p>A newer value replaces an older one of the same key that has not been handed on; the replaced one goes to the
 * discard consumer (which closes its ledger ticket as superseded and gives its memory back). So nothing queues: at most
 * one value a key waits, whatever the rate. There is no timer: while the consumer is busy with one batch the next one
 * gathers, which is the batching that costs no latency.
 *
 * <p>Order: keys leave in the order in which they began to wait, so a fast camera can't starve a slow one; values of one
 * key keep their order.
 *
 * <p>Demand: unbounded upstream; downstream gets one batch a request. Completion waits for the values still held; an
 * error does not. Discard: whatever is held on cancel or error goes to the discard consumer, as do values that arrive
 * afterwards. Threading: any; signals downstream are serialised. The discard consumer may run on the producer's or the
 * consumer's thread and must not block.
 *
 * @param <T> the values
 */
public final class FreshestBatches<T> extends FluxOperator<T, List<T>> {
    private final Function<? super T, String> key;
    private final IntSupplier maxBatch;
    private final Consumer<? super T> discard;

    private FreshestBatches(
            Flux<? extends T> source,
            Function<? super T, String> key,
            IntSupplier maxBatch,
            Consumer<? super T> discard) {
        super(source);
        this.key = key;
        this.maxBatch = maxBatch;
        this.discard = discard;
    }

    /**
     * @param source what arrives, at any rate
     * @param key the camera
     * @param maxBatch most values of one batch, at least 1
     * @param discard takes ownership of every value that is not handed on
     */
    public static <T> Flux<List<T>> of(
            Flux<? extends T> source, Function<? super T, String> key, int maxBatch, Consumer<? super T> discard) {
        if (maxBatch < 1) {
            throw new IllegalArgumentException("maxBatch " + maxBatch + " is below 1");
        }
        return of(source, key, () -> maxBatch, discard);
    }

    /** The same where what pays changes meanwhile: {@code maxBatch} is asked for each batch, by either side, and must not block. */
    public static <T> Flux<List<T>> of(
            Flux<? extends T> source,
            Function<? super T, String> key,
            IntSupplier maxBatch,
            Consumer<? super T> discard) {
        return onAssembly(new FreshestBatches<>(source, key, maxBatch, discard));
    }

    @Override
    public void subscribe(CoreSubscriber<? super List<T>> actual) {
        source.subscribe(new Gathering<>(actual, key, maxBatch, discard));
    }

    private static final class Gathering<T> implements CoreSubscriber<T>, Subscription, Scannable {
        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<Gathering> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Gathering.class, "requested");

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Gathering> WORK =
                AtomicIntegerFieldUpdater.newUpdater(Gathering.class, "work");

        private final CoreSubscriber<? super List<T>> actual;
        private final Function<? super T, String> key;
        private final IntSupplier maxBatch;
        private final Consumer<? super T> discard;
        /** Guarded by itself; the only state that both sides touch besides the flags. */
        private final Map<String, T> waiting = new LinkedHashMap<>();

        private Subscription upstream;
        private volatile long requested;
        private volatile int work;
        private volatile boolean done;
        private volatile boolean cancelled;
        private Throwable error;

        Gathering(
                CoreSubscriber<? super List<T>> actual,
                Function<? super T, String> key,
                IntSupplier maxBatch,
                Consumer<? super T> discard) {
            this.actual = actual;
            this.key = key;
            this.maxBatch = maxBatch;
            this.discard = discard;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(upstream, subscription)) {
                upstream = subscription;
                actual.onSubscribe(this);
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T value) {
            T replaced;
            synchronized (waiting) {
                replaced = done || cancelled ? value : waiting.put(key.apply(value), value);
            }
            if (replaced != null) {
                discard.accept(replaced);
            }
            drain();
        }

        @Override
        public void onError(Throwable failure) {
            if (done) {
                Operators.onErrorDropped(failure, currentContext());
                return;
            }
            error = failure;
            done = true;
            drain();
        }

        @Override
        public void onComplete() {
            done = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            }
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                upstream.cancel();
                drain();
            }
        }

        private void drain() {
            if (WORK.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                emit();
                missed = WORK.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void emit() {
            while (!cancelled) {
                if (error != null) {
                    finish();
                    actual.onError(error);
                    return;
                }
                boolean finished = done;
                List<T> batch = requested > 0 ? take() : List.of();
                if (!batch.isEmpty()) {
                    actual.onNext(batch);
                    Operators.produced(REQUESTED, this, 1);
                } else if (finished && isEmpty()) {
                    finish();
                    actual.onComplete();
                    return;
                } else {
                    return;
                }
            }
            discardAll();
        }

        /** No signal follows: later drains only discard. */
        private void finish() {
            cancelled = true;
            discardAll();
        }

        private boolean isEmpty() {
            synchronized (waiting) {
                return waiting.isEmpty();
            }
        }

        private List<T> take() {
            int most = Math.max(1, maxBatch.getAsInt());
            synchronized (waiting) {
                List<T> batch = new ArrayList<>(Math.min(most, waiting.size()));
                for (Iterator<T> it = waiting.values().iterator(); it.hasNext() && batch.size() < most; ) {
                    batch.add(it.next());
                    it.remove();
                }
                return batch;
            }
        }

        private void discardAll() {
            List<T> left;
            synchronized (waiting) {
                left = new ArrayList<>(waiting.values());
                waiting.clear();
            }
            left.forEach(discard);
        }

        @Override
        public Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.PARENT) {
                return upstream;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.TERMINATED) {
                return done;
            }
            if (key == Attr.BUFFERED) {
                synchronized (waiting) {
                    return waiting.size();
                }
            }
            return null;
        }
    }
}
