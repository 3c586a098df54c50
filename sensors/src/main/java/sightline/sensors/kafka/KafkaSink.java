package sightline.sensors.kafka;

import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes records and reports what became of each.
 *
 * <p><b>Order:</b> records are handed to an idempotent producer in the order they come, so each partition keeps it and
 * a retry never duplicates. <b>Demand:</b> at most {@code maxInFlight} records are unreported; that many are requested
 * from upstream and no more. <b>Threading:</b> the client may block for metadata or buffer space, which happens on a
 * thread of the sink's own; results come on another. Several streams may be sent at a time. <b>Compression:</b> as the
 * contract says for the topic, none for others.
 *
 * <p><b>Failure:</b> a record that is refused is reported as {@link Sent.Refused} and the stream goes on; an absent
 * broker is waited for up to the delivery time-out (two minutes by default), while upstream sees no demand.
 * <b>Discard:</b> records queued here at cancellation are dropped; their values need no release.
 * <b>Ownership:</b> close it after the streams; what is under way gets two seconds.
 */
public final class KafkaSink implements AutoCloseable {
    private final Producers producers;
    private final Scheduler sending;
    private final Scheduler reporting;
    private final int maxInFlight;

    private KafkaSink(Producers producers, String name, int maxInFlight) {
        this.producers = producers;
        this.maxInFlight = maxInFlight;
        this.sending = Schedulers.newSingle("kafka-send-" + name, true);
        this.reporting = Schedulers.newSingle("kafka-sent-" + name, true);
    }

    /** A sink with the settings for live data: all replicas acknowledge, no waiting to fill batches. */
    public static KafkaSink to(String bootstrapServers, String name) {
        return open(bootstrapServers, name, 256, Map.of());
    }

    /**
     * A sink with some producer properties set otherwise.
     *
     * @param maxInFlight most records that are not reported yet
     */
    public static KafkaSink open(String bootstrapServers, String name, int maxInFlight, Map<String, String> overrides) {
        Map<String, Object> properties = Producers.live(bootstrapServers, name);
        properties.putAll(overrides);
        return new KafkaSink(new Producers(properties), name, maxInFlight);
    }

    /** Sends what comes and reports each; results of one partition come in order. */
    public Flux<Sent> send(Publisher<Outbound> records) {
        return Flux.from(records)
                .publishOn(sending, maxInFlight)
                .flatMap(this::sendOne, maxInFlight, 1)
                .publishOn(reporting, maxInFlight);
    }

    /**
     * Sends one record. Records that are sent this way are bounded by their callers only. The result is an error where {@link #send(Publisher)} would report a refusal.
     */
    public Mono<Sent.Stored> send(Outbound outbound) {
        return sendOne(outbound).subscribeOn(sending).publishOn(reporting).handle((sent, sink) -> {
            switch (sent) {
                case Sent.Stored stored -> sink.next(stored);
                case Sent.Refused refused -> sink.error(refused.cause());
            }
        });
    }

    private Mono<Sent> sendOne(Outbound outbound) {
        return Mono.create(result -> hand(outbound, result));
    }

    private void hand(Outbound outbound, MonoSink<Sent> result) {
        try {
            producers.of(outbound.topic()).send(outbound.toRecord(), (metadata, failure) -> {
                if (failure == null) {
                    result.success(new Sent.Stored(outbound, metadata.partition(), metadata.offset()));
                } else {
                    result.success(new Sent.Refused(outbound, failure));
                }
            });
        } catch (KafkaException | IllegalArgumentException | IllegalStateException e) {
            result.success(new Sent.Refused(outbound, e));
        }
    }

    /** The most heap that records hold which are under way, bytes: of one producer for each way of compressing. */
    public long memoryBound() {
        return producers.memoryBound();
    }

    @Override
    public void close() {
        producers.close();
        sending.dispose();
        reporting.dispose();
    }
}
