package sightline.pipeline.topology;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.domain.Belief;
import sightline.config.domain.Detections;
import sightline.config.domain.Event;
import sightline.config.domain.Poses;
import sightline.config.domain.RenderResult;
import sightline.config.domain.Segmentation;
import sightline.config.domain.SensorStatus;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.SourceObserver;

/**
 * One consumer for everybody in this process who follows topics outside any group: the page, the rules, the nodes that
 * hear their peers, the figures. Each record is fetched and decoded once and handed to whoever listens.
 *
 * <p>Threading: elements arrive on the consumer's thread, so whoever takes long moves to a thread of its own. Demand: a
 * listener that does not keep up loses its oldest {@value #WAITING} waiting elements one by one, which is logged, and
 * holds up nobody else. Failure: what can't be read goes to the dead letters and the stream goes on.
 */
final class Lookout implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);
    private static final int WAITING = 1024;
    private static final int IN_FLIGHT = 64;

    /** Who takes the records of a topic. */
    private final Map<String, Consumer<Inbound>> topics = new HashMap<>();

    private final Sinks.Many<SceneTick> ticks = gathered();
    private final Channel<Belief> beliefs = channel(Topics.BELIEF_NODE, Codecs.BELIEF);
    private final Channel<Detections> detections = channel(Topics.DETECTION_CAMERA, Codecs.DETECTIONS);
    private final Channel<Poses> poses = channel(Topics.POSE_CAMERA, Codecs.POSES);
    private final Channel<Segmentation> masks = channel(Topics.MASK_CAMERA, Codecs.SEGMENTATION);
    private final Channel<Event> events = channel(Topics.EVENT_RULE, Codecs.EVENT);
    private final Channel<RenderResult> pictures = channel(Topics.RENDER_RESULT, Codecs.RENDER_RESULT);
    private final Channel<SensorStatus> statuses = channel(Topics.STATUS_SENSOR, Codecs.STATUS);
    private final Sinks.Empty<Void> following = Sinks.empty();
    private final KafkaSource source;
    private final Disposable subscription;
    private volatile String trouble = "";

    private Lookout(Bus bus) {
        this.source = bus.reader("lookout")
                .intake(new Intake.Assigned(List.copyOf(topics.keySet()), List.of(), Intake.newest()))
                .profile(ConsumerProfile.transactional())
                .maxInFlight(IN_FLIGHT)
                .observer(new SourceObserver() {
                    @Override
                    public void assigned(Collection<TopicPartition> partitions) {
                        following.tryEmitEmpty();
                    }
                })
                .build();
        this.subscription = Inbound.discarding(source.records()).subscribe(this::tell, this::failed);
    }

    /** Follows all topics from now on. */
    static Lookout start(Bus bus) {
        return new Lookout(bus);
    }

    private record Channel<T>(Codec<T> codec, Sinks.Many<T> listeners) {
        void tell(Inbound inbound) {
            if (listeners.currentSubscriberCount() == 0) {
                inbound.acknowledge();
                return;
            }
            Reading.decode(inbound, codec, (value, record) -> {
                record.acknowledge();
                listeners.tryEmitNext(value);
            });
        }

        Flux<T> heard(String topic) {
            return Lookout.heard(listeners, topic);
        }
    }

    private static <T> Flux<T> heard(Sinks.Many<T> listeners, String topic) {
        return listeners
                .asFlux()
                .onBackpressureBuffer(
                        WAITING,
                        lost -> LOG.warn("a listener of {} does not keep up and missed an element", topic),
                        BufferOverflowStrategy.DROP_OLDEST);
    }

    private <T> Channel<T> channel(Topic topic, Codec<T> codec) {
        Channel<T> channel = new Channel<>(codec, Sinks.many().multicast().directBestEffort());
        topics.put(topic.name(), channel::tell);
        return channel;
    }

    private Sinks.Many<SceneTick> gathered() {
        Sinks.Many<SceneTick> listeners = Sinks.many().multicast().directBestEffort();
        topics.put(Topics.TRACK_FUSED.name(), new TickGathering(listeners::tryEmitNext)::take);
        return listeners;
    }

    private void tell(Inbound inbound) {
        topics.get(inbound.topic()).accept(inbound);
    }

    private void failed(Throwable failure) {
        trouble = "no topic is followed any more: " + failure.getMessage();
        LOG.error("{}", trouble, failure);
    }

    /** Ends once nothing that is written from now on will be missed; who also reads the past reads it after that. */
    Mono<Void> following() {
        return following.asMono();
    }

    /** Whole ticks of the fused scene, rising; also those in which nobody is there. */
    Flux<SceneTick> ticks() {
        return heard(ticks, "ticks");
    }

    Flux<Belief> beliefs() {
        return beliefs.heard("beliefs");
    }

    Flux<Detections> detections() {
        return detections.heard("detections");
    }

    Flux<Poses> poses() {
        return poses.heard("poses");
    }

    Flux<Segmentation> masks() {
        return masks.heard("masks");
    }

    Flux<Event> events() {
        return events.heard("events");
    }

    Flux<RenderResult> pictures() {
        return pictures.heard("pictures");
    }

    Flux<SensorStatus> statuses() {
        return statuses.heard("statuses");
    }

    @Override
    public String name() {
        return "lookout";
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public List<MemoryLine> memory() {
        return List.of(Reading.bound(name(), source));
    }

    @Override
    public void close() {
        subscription.dispose();
        Reading.awaitEnd(source);
    }
}
