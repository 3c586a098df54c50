package sightline.pipeline.topology;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codec;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topic;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;

/** Reading a topic of messages outside any group: everything from now on, for those who show or log it. */
public final class Reading {
    /** Who only looks disposes of a record at once; this bounds what one reader can hold. */
    private static final int IN_FLIGHT = 32;

    /**
     * Milliseconds that the broker may hold a fetch. A frame ends the wait when it comes, so it is no later for it; who
     * asks every 10 ms, as the profile for video does for the sake of paused partitions, keeps two threads busy for nothing.
     */
    static final String UNHURRIED = "100";

    private static final Duration LEAVING = Duration.ofMillis(800);

    private Reading() {}

    /** Newest messages of all partitions; what can't be read goes to the dead letters and the stream goes on. */
    public static <T> Flux<T> newest(Bus bus, Topic topic, Codec<T> codec, String name) {
        return all(bus, topic, codec, name, Intake.newest());
    }

    /** The same for who is in no hurry, see {@link ConsumerProfile#patient}. */
    static <T> Flux<T> newestInTime(Bus bus, Topic topic, Codec<T> codec, String name) {
        return read(
                bus,
                topic,
                codec,
                name,
                Intake.newest(),
                ConsumerProfile.transactional().patient());
    }

    static <T> Flux<T> all(Bus bus, Topic topic, Codec<T> codec, String name, Intake.Start start) {
        return read(bus, topic, codec, name, start, ConsumerProfile.transactional());
    }

    private static <T> Flux<T> read(
            Bus bus, Topic topic, Codec<T> codec, String name, Intake.Start start, ConsumerProfile profile) {
        KafkaSource source = bus.reader(name)
                .intake(Intake.all(topic.name(), start))
                .profile(profile)
                .maxInFlight(IN_FLIGHT)
                .build();
        return Inbound.discarding(source.records()
                .handle((inbound, sink) -> decode(inbound, codec, (value, record) -> {
                    record.acknowledge();
                    sink.next(value);
                })));
    }

    /** What the reader may hold, as a line of the memory budget. */
    static MemoryLine bound(String reader, KafkaSource source) {
        return MemoryLine.atMost(
                "reader " + reader, "heap", source.memoryBound().total());
    }

    /** Waits a moment for a reader whose subscription was disposed of: it leaves its group before the broker may stop. */
    static void awaitEnd(KafkaSource source) {
        long end = System.nanoTime() + LEAVING.toNanos();
        while (source.liveSubscriptions() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Hands over the value, passes over a heartbeat, or buries the record with its cause. */
    static <T> void decode(Inbound inbound, Codec<T> codec, BiConsumer<T, Inbound> then) {
        if (inbound.tombstone() || FrameHeaders.isHeartbeat(inbound::header)) {
            inbound.acknowledge();
            return;
        }
        T value;
        try {
            value = codec.decode(inbound.value());
        } catch (MalformedRecordException e) {
            inbound.deadLetter("decode", e);
            return;
        }
        then.accept(value, inbound);
    }
}
