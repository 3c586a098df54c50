package sightline.sensors.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.time.TimeSource;

/**
 * Writes records that cannot be processed to {@code <topic>.dlq}, one after the other on a thread of its own.
 *
 * <p><b>Threading:</b> safe from any thread, never blocks the caller. What waits here is in flight at its source, whose
 * bound holds. <b>Failure:</b> while the broker is away it tries on. A value that the topic does not take is left out
 * and its digest kept. A letter that is refused for good is logged as an error and given up, since a partition must
 * never stop for it. <b>Ownership:</b> whoever makes it closes it.
 */
public final class DeadLetters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int REFUSALS = 5;
    private static final int MAX_BYTES = 16 << 20;

    private final String bootstrapServers;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("kafka-dead-letters").factory());
    private final Set<String> prepared = new HashSet<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Producer<byte[], byte[]> producer;
    private final TimeSource time;
    private volatile boolean closed;

    private DeadLetters(String bootstrapServers, TimeSource time) {
        this.bootstrapServers = bootstrapServers;
        this.time = time;
        Map<String, Object> properties = Producers.live(bootstrapServers, "sightline-dead-letters");
        properties.put("max.block.ms", 2_000);
        properties.put("request.timeout.ms", 2_000);
        properties.put("delivery.timeout.ms", 5_000);
        properties.put("max.request.size", MAX_BYTES);
        this.producer = Producers.open(properties);
    }

    /** A writer to that cluster. */
    public static DeadLetters to(String bootstrapServers) {
        return to(bootstrapServers, TimeSource.system());
    }

    /** A writer to that cluster, by that clock. */
    public static DeadLetters to(String bootstrapServers, TimeSource time) {
        return new DeadLetters(bootstrapServers, time);
    }

    /** Letters that are stored. */
    public long written() {
        return written.get();
    }

    /** Letters that were refused for good. */
    public long lost() {
        return lost.get();
    }

    /** Stores the record and says how that ended; {@code false} only when closed before. */
    void bury(ConsumerRecord<byte[], byte[]> record, String stage, Throwable cause, Consumer<Boolean> settled) {
        var failed = new FailedRecord(record, stage, cause);
        try {
            thread.execute(() -> settled.accept(deliver(failed)));
        } catch (RejectedExecutionException e) {
            settled.accept(false);
        }
    }

    private boolean deliver(FailedRecord letter) {
        boolean withValue = true;
        int refusals = 0;
        for (int attempt = 1; !closed; attempt++) {
            try {
                prepare(letter.topic());
                producer.send(letter.toRecord(attempt, withValue, time.nanos())).get(10, TimeUnit.SECONDS);
                written.incrementAndGet();
                return true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RecordTooLargeException && withValue) {
                    withValue = false;
                } else if (!(e.getCause() instanceof RetriableException) && ++refusals == REFUSALS) {
                    return giveUp(letter, e.getCause());
                }
            } catch (KafkaException e) {
                if (++refusals == REFUSALS) {
                    return giveUp(letter, e);
                }
            } catch (TimeoutException e) {
                LOG.warn("{} is slow to take a dead letter", letter.topic());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private boolean giveUp(FailedRecord letter, Throwable refusal) {
        lost.incrementAndGet();
        LOG.error(
                "{} at offset {} of partition {} failed in {} and its dead letter was refused",
                letter.original().topic(),
                letter.original().offset(),
                letter.original().partition(),
                letter.stage(),
                refusal);
        return true;
    }

    /** Makes the topic if nobody did; on a cluster where we may not, it must exist already. */
    private void prepare(String topic) {
        if (prepared.contains(topic)) {
            return;
        }
        Map<String, String> settings = Map.of(
                "cleanup.policy",
                "delete",
                "compression.type",
                "producer",
                "retention.ms",
                Long.toString(Duration.ofDays(14).toMillis()),
                "max.message.bytes",
                Integer.toString(MAX_BYTES));
        try (var admin = TopicAdmin.connect(bootstrapServers, Duration.ofSeconds(2))) {
            admin.createMissing(List.of(new TopicSpec(topic, 1, settings)));
            prepared.add(topic);
        } catch (BrokerUnavailableException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        producer.close(Duration.ofMillis(150));
    }
}
