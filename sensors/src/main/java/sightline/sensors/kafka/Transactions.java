package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a transaction and what each failure means. Belongs to the sink's thread.
 *
 * <p>Fencing is final and the producer is not made anew for it, since a new one would shut out the rightful successor.
 * A commit that timed out has an unknown outcome and is asked for again, never rolled back.
 */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    private static final int ATTEMPTS = 6;
    private static final long BACKOFF_NANOS = 200_000_000;

    private final String id;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private Producer<byte[], byte[]> producer;
    private boolean lost;

    Transactions(String id, Supplier<Producer<byte[], byte[]>> producers) {
        this.id = id;
        this.producers = producers;
    }

    void acquire() {
        closeProducer();
        lost = false;
        retrying(this::ready);
    }

    void run(Tick tick) {
        if (lost) {
            throw new OwnershipLostException(id, "has lost its role and did not acquire it again", null);
        }
        retrying(() -> attempt(tick));
    }

    private void retrying(Runnable step) {
        for (int attempt = 1; ; attempt++) {
            try {
                step.run();
                return;
            } catch (KafkaException e) {
                if (fenced(e)) {
                    throw lost("has been taken over by a newer writer", e);
                }
                rollBack();
                if (e instanceof CommitFailedException) {
                    throw lost("no longer owns the partitions it read", e);
                }
                if (!passing(e) || attempt == ATTEMPTS) {
                    throw new TickAbortedException(id, attempt, e);
                }
                LOG.warn("{} rolled back and tries again: {}", id, e.toString());
                LockSupport.parkNanos(BACKOFF_NANOS << Math.min(attempt, 4));
            }
        }
    }

    private OwnershipLostException lost(String reason, KafkaException cause) {
        lost = true;
        closeProducer();
        return new OwnershipLostException(id, reason, cause);
    }

    private void ready() {
        if (producer == null) {
            producer = producers.get();
            producer.initTransactions();
        }
    }

    private void attempt(Tick tick) {
        ready();
        producer.beginTransaction();
        List<Future<?>> sends = new ArrayList<>(tick.records().size());
        for (Outbound record : tick.records()) {
            sends.add(producer.send(record.toRecord()));
        }
        if (!tick.offsets().isEmpty()) {
            producer.sendOffsetsToTransaction(tick.offsets(), tick.membership().orElseThrow());
        }
        producer.flush();
        sends.forEach(Transactions::check);
        commit();
    }

    /** Turns a refused record into its own cause, before the commit would hide it in a general error. */
    private static void check(Future<?> send) {
        try {
            send.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException k ? k : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted in a transaction", e);
        }
    }

    private void commit() {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (attempt == ATTEMPTS) {
                    throw lost("cannot know whether its last transaction was committed", e);
                }
            }
        }
    }

    private void rollBack() {
        if (producer == null) {
            return;
        }
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            // Beyond repair, or it never began: the next attempt starts with a new producer, whose start rolls back.
            closeProducer();
        }
    }

    private static boolean fenced(KafkaException e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof FencedInstanceIdException
                || e.getCause() instanceof ProducerFencedException
                || e.getCause() instanceof InvalidProducerEpochException;
    }

    private static boolean passing(KafkaException e) {
        return e instanceof RetriableException
                || e instanceof TransactionAbortableException
                || e.getCause() instanceof RetriableException
                || e.getCause() instanceof TransactionAbortableException;
    }

    private void closeProducer() {
        if (producer != null) {
            producer.close(Duration.ofMillis(200));
            producer = null;
        }
    }

    void close() {
        closeProducer();
    }
}
