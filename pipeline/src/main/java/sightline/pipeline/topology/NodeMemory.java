package sightline.pipeline.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.domain.Belief;
import sightline.config.domain.NodeState;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;

/** What the topics remember of nodes, for a process that goes on as one. Each call reads to the end and blocks. */
final class NodeMemory {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Bus bus;

    NodeMemory(Bus bus) {
        this.bus = bus;
    }

    /** The newest committed state of a node; compaction may have left older ones before it. */
    Optional<NodeState> newestState(int partition) {
        AtomicReference<NodeState> newest = new AtomicReference<>();
        read(
                Topics.STATE_NODE,
                Codecs.NODE_STATE,
                Intake.partition(Topics.STATE_NODE.name(), partition, Intake.oldest()),
                newest::set);
        return Optional.ofNullable(newest.get());
    }

    /** All that any node said of ticks from then on. */
    void beliefsSince(long nanos, Consumer<Belief> each) {
        read(Topics.BELIEF_NODE, Codecs.BELIEF, since(Topics.BELIEF_NODE, nanos), each);
    }

    /** The last tick that was published, if it was not before then. */
    Optional<Long> lastPublished(long sinceNanos) {
        AtomicReference<Long> last = new AtomicReference<>();
        TickGathering ticks = new TickGathering(tick -> last.set(tick.tick()));
        read(Topics.TRACK_FUSED, since(Topics.TRACK_FUSED, sinceNanos), ticks::take);
        return Optional.ofNullable(last.get());
    }

    private static Intake since(Topic topic, long nanos) {
        return Intake.all(topic.name(), new Intake.Start.Since(Instant.ofEpochMilli(nanos / 1_000_000)));
    }

    private <T> void read(Topic topic, Codec<T> codec, Intake intake, Consumer<T> each) {
        read(
                topic,
                intake,
                inbound -> Reading.decode(inbound, codec, (value, record) -> {
                    record.acknowledge();
                    each.accept(value);
                }));
    }

    private void read(Topic topic, Intake intake, Consumer<Inbound> each) {
        KafkaSource source = bus.reader("memory-" + topic.name())
                .intake(intake)
                .profile(ConsumerProfile.transactional())
                .untilEnd()
                .build();
        source.records().doOnNext(each).then().block(PATIENCE);
    }
}
