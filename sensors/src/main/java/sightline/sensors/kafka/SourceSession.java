package sightline.sensors.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import sightline.config.ledger.Disposition;

/**
 * One subscription: the polling side ({@link PollLoop}) and the emitting side ({@link Emission}) and what both share,
 * the count of records that somebody holds.
 */
final class SourceSession implements Subscription, Custody {
    private static final Logger LOG = LoggerFactory.getLogger(SourceSession.class);
    private static final AtomicInteger SESSIONS = new AtomicInteger();

    private final SourceOptions options;
    private final Emission emission;
    private final PollLoop loop;
    private final Burial burial;
    private final Thread poller;
    private final Consumer<SourceSession> atEnd;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong disposed = new AtomicLong();

    SourceSession(SourceOptions options, CoreSubscriber<? super Inbound> subscriber, Consumer<SourceSession> atEnd) {
        String label = options.name() + "-" + SESSIONS.incrementAndGet();
        this.options = options;
        this.atEnd = atEnd;
        this.emission = new Emission(subscriber, label, options.maxInFlight());
        this.burial = new Burial(options);
        this.loop = new PollLoop(options, label, this, emission);
        this.poller = Thread.ofPlatform().daemon().name("kafka-poll-" + label).unstarted(this::run);
    }

    void start() {
        if (LOG.isInfoEnabled()) {
            LOG.info("{} reads {}, {}", options.name(), options.intake(), MemoryBound.of(options));
        }
        poller.start();
    }

    private void run() {
        try {
            loop.run();
        } finally {
            burial.close();
            emission.close();
            atEnd.accept(this);
        }
    }

    @Override
    public void request(long n) {
        if (emission.request(n)) {
            loop.nudge();
        } else {
            loop.stop();
        }
    }

    @Override
    public void cancel() {
        emission.cancel();
        loop.stop();
    }

    @Override
    public boolean cancelled() {
        return emission.ended();
    }

    /** Takes a record into custody; the polling thread hands it to the emission or to the dead letters next. */
    void received(Inbound inbound) {
        inFlight.incrementAndGet();
        options.booking().ifPresent(inbound::book);
        options.observer().received(inbound);
    }

    int inFlight() {
        return inFlight.get();
    }

    long disposed() {
        return disposed.get();
    }

    @Override
    public void finish(Inbound inbound, Disposition how, boolean acknowledged) {
        if (acknowledged) {
            inbound.completeInWindow();
        } else {
            inbound.abandonInWindow();
        }
        // Told before its place is free, so that nobody who counts ever sees more in flight than the bound.
        options.observer().disposed(inbound, how, acknowledged);
        inFlight.decrementAndGet();
        disposed.incrementAndGet();
        loop.nudge();
    }

    @Override
    public void bury(Inbound inbound, String stage, Throwable cause) {
        burial.of(
                inbound,
                stage,
                cause,
                stored -> inbound.finish(stored ? Disposition.INVALID : Disposition.FAILED, stored));
    }

    Map<TopicPartition, OffsetAndMetadata> completed() {
        return loop.completed();
    }

    Optional<ConsumerGroupMetadata> membership() {
        return loop.membership();
    }
}
