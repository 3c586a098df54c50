package sightline.sensors.kafka;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import reactor.core.publisher.Mono;

/**
 * Writes a tick's records and commits its input offsets in one transaction: consume, process, produce, exactly once for
 * everybody who reads {@code read_committed}.
 *
 * <p>The transactional id names the role ({@code node-3}), not the process. {@link #acquire()} takes the role over: it
 * ends what a predecessor left open and shuts it out, so call it before reading the state that is to be resumed.
 *
 * <p><b>Threading:</b> ticks are written one after the other on a thread of the sink's own, in the order they are
 * subscribed; callers never block. <b>Failure:</b> what may pass (broker away, coordinator moving) is rolled back and
 * tried again with the same tick. {@link TickAbortedException} means rolled back for good but usable, {@link
 * OwnershipLostException} that somebody else has the role. <b>Cancellation</b> of a tick that has begun does not stop it.
 */
public final class TransactionalSink implements AutoCloseable {
    private final ExecutorService thread;
    private final Transactions transactions;

    private TransactionalSink(String transactionalId, Supplier<Producer<byte[], byte[]>> producers) {
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("kafka-tx-" + transactionalId).factory());
        this.transactions = new Transactions(transactionalId, producers);
    }

    /** A writer for one role; does nothing until the first call. */
    public static TransactionalSink open(String bootstrapServers, String transactionalId) {
        return open(bootstrapServers, transactionalId, Map.of());
    }

    /** The same with some producer properties set otherwise. */
    public static TransactionalSink open(
            String bootstrapServers, String transactionalId, Map<String, String> overrides) {
        Map<String, Object> properties = Producers.live(bootstrapServers, transactionalId);
        properties.put("transactional.id", transactionalId);
        // Beliefs, states, tracks and events all compress well.
        properties.put("compression.type", "zstd");
        // An open transaction holds up every reader of committed records: a dead writer's ends after this long.
        properties.put("transaction.timeout.ms", 10_000);
        properties.put("max.block.ms", 5_000);
        properties.put("request.timeout.ms", 3_000);
        properties.put("delivery.timeout.ms", 8_000);
        properties.putAll(overrides);
        return new TransactionalSink(transactionalId, () -> Producers.open(properties));
    }

    /** Takes the role over from whoever has it. */
    public Mono<Void> acquire() {
        return onThread(transactions::acquire);
    }

    /** Writes and commits; completes when everything is visible. */
    public Mono<Void> commit(Tick tick) {
        return onThread(() -> transactions.run(tick));
    }

    /** Not a scheduler: that would interrupt the client in the middle of a commit when a caller cancels. */
    private Mono<Void> onThread(Runnable step) {
        return Mono.create(result -> {
            try {
                thread.execute(() -> {
                    try {
                        step.run();
                        result.success();
                    } catch (RuntimeException | Error e) {
                        result.error(e);
                    }
                });
            } catch (RejectedExecutionException e) {
                result.error(new IllegalStateException("the sink is closed", e));
            }
        });
    }

    /** The most heap that the records of a transaction hold, bytes. */
    public long memoryBound() {
        return Producers.BUFFER_BYTES;
    }

    /** Leaves the role after the ticks that are queued, waiting at most five seconds for them; idempotent. */
    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(transactions::close);
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
