package sightline.sensors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
 * thread of the sink's own; results come on another. Several streams may be sent at a time.
 *
 * <p><b>Failure:</b> a record that is refused is reported as {@link Sent.Refused} and the stream goes on; an absent
 * broker is waited for up to the delivery time-out (two minutes by default), while upstream sees no demand.
 * <b>Discard:</b> records queued here at cancellation are dropped; their values need no release.
 * <b>Ownership:</b> close it after the streams; what is under way gets two seconds.
 */
public final class KafkaSink implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final Scheduler sending;
    private final Scheduler reporting;
    private final int maxInFlight;

    private KafkaSink(Producer<byte[], byte[]> producer, String name, int maxInFlight) {
        this.producer = producer;
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
        Map<String, Object> properties = properties(bootstrapServers, name);
        properties.putAll(overrides);
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        return new KafkaSink(producer, name, maxInFlight);
    }

    static Map<String, Object> properties(String bootstrapServers, String name) {
        Map<String, Object> p = new HashMap<>();
        p.put("bootstrap.servers", bootstrapServers);
        p.put("client.id", name);
        p.put("acks", "all");
        p.put("enable.idempotence", true);
        p.put("linger.ms", 0);
        p.put("max.request.size", 9 << 20);
        p.put("buffer.memory", 64 << 20);
        p.put("reconnect.backoff.max.ms", 500);
        return p;
    }

    /** Sends what comes and reports each; results of one partition come in order. */
    public Flux<Sent> send(Publisher<Outbound> records) {
        return Flux.from(records)
                .publishOn(sending, maxInFlight)
                .flatMap(this::sendOne, maxInFlight, 1)
                .publishOn(reporting, maxInFlight);
    }

    /** Sends one record; the result is an error where {@link #send(Publisher)} would report a refusal. */
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
            producer.send(outbound.toRecord(), (metadata, failure) -> {
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

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        sending.dispose();
        reporting.dispose();
    }
}
