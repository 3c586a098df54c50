package sightline.sensors.kafka;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;

/**
 * Whether the client is connected to any broker, told on each change. Belongs to the polling thread.
 *
 * <p>The client itself retries in silence, so that a broker that is away looks like a topic on which nothing happens.
 * Only a client that fetches is judged: one that is paused lets its connections go when they are idle.
 */
final class Reachability {
    private static final long INTERVAL_NANOS = 500_000_000;

    private final Metric connections;
    private final Consumer<Boolean> changed;
    private Boolean reachable;
    private long nextNanos = System.nanoTime();

    Reachability(KafkaConsumer<?, ?> consumer, Consumer<Boolean> changed) {
        this.connections = consumer.metrics().entrySet().stream()
                .filter(e -> e.getKey().name().equals("connection-count")
                        && e.getKey().group().equals("consumer-metrics"))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        this.changed = changed;
    }

    void look() {
        long now = System.nanoTime();
        if (connections == null || now - nextNanos < 0) {
            return;
        }
        nextNanos = now + INTERVAL_NANOS;
        boolean connected = connections.metricValue() instanceof Number n && n.doubleValue() > 0;
        if (reachable == null || reachable != connected) {
            reachable = connected;
            changed.accept(connected);
        }
    }
}
