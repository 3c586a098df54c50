package sightline.pipeline.web;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Keeps the latest value of each key until its consumer comes round to it: a publisher never waits, and a consumer that
 * is late skips what is old. Holds at most one value a key, so it is bounded by the number of keys.
 *
 * <p>{@link #offer} may be called from any thread; the consumer runs on the executor, one value at a time, in the order
 * in which keys first became pending.
 */
final class Conflating<K, V> {
    private final Map<K, V> pending = new LinkedHashMap<>();
    private final Executor executor;
    private final BiConsumer<K, V> consumer;
    private boolean scheduled;

    Conflating(Executor executor, BiConsumer<K, V> consumer) {
        this.executor = executor;
        this.consumer = consumer;
    }

    void offer(K key, V value) {
        synchronized (pending) {
            pending.put(key, value);
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        while (true) {
            Map.Entry<K, V> next;
            synchronized (pending) {
                Iterator<Map.Entry<K, V>> oldest = pending.entrySet().iterator();
                if (!oldest.hasNext()) {
                    scheduled = false;
                    return;
                }
                Map.Entry<K, V> entry = oldest.next();
                next = Map.entry(entry.getKey(), entry.getValue());
                oldest.remove();
            }
            consumer.accept(next.getKey(), next.getValue());
        }
    }
}
