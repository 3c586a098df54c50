package sightline.sensors.kafka;

import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Works on values of different keys at the same time and on values of one key in their order.
 *
 * <p>Unlike hashing keys to a fixed number of lanes, no key waits for another one's work: a key waits for a free worker
 * and for its own predecessors only.
 *
 * <p><b>Demand:</b> {@code maxPending} values are requested and replenished as results are taken, so waiting values,
 * running work and waiting results together never exceed it. <b>Order:</b> results of one key come in order, those of
 * different keys as they finish. <b>Threading:</b> the work runs on {@code workers} threads of this subscription's own;
 * results are delivered on one of them at a time. <b>Failure:</b> work that throws ends the stream. <b>Discard:</b>
 * values and results that are held at cancellation or failure go to Reactor's discard hook.
 */
public final class KeyedParallel {
    private KeyedParallel() {}

    /**
     * Maps in parallel by key.
     *
     * @param key which values must keep their order
     * @param workers how many values are worked on at a time
     * @param maxPending how many values may be held, at least {@code workers}
     * @param work what to do; a null result emits nothing
     */
    public static <T, R> Flux<R> map(
            Publisher<T> source, Function<? super T, ?> key, int workers, int maxPending, Function<? super T, R> work) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(work, "work");
        if (workers < 1 || maxPending < workers) {
            throw new IllegalArgumentException(
                    "needs 1 <= workers <= maxPending, not " + workers + " workers, " + maxPending + " pending");
        }
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super R> subscriber) {
                source.subscribe(new KeyedWork<T, R>(subscriber, key, workers, maxPending, work));
            }
        };
    }
}
