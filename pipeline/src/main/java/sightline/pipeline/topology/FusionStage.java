package sightline.pipeline.topology;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.NodeState;
import sightline.config.site.Site;
import sightline.sensors.kafka.CommitMode;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.SourceObserver;

/**
 * The fusion nodes of this process. Partition k of detections and measurements belongs to node k; the consumer group
 * {@code fusion} gives partitions to processes, and the process that gets one runs that node. Start the stage in more
 * processes and they share the nodes; kill one and the others go on with its nodes from the state it left.
 *
 * <p>Every process reads the beliefs of all nodes, outside any group. The process that holds the scene's lease publishes
 * the fused tracks.
 */
public final class FusionStage implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(FusionStage.class);

    private final Bus bus;
    private final Site site;
    private final Ground ground;
    private final Map<Integer, NodeRunner> nodes = new ConcurrentHashMap<>();
    private final ScenePublisher publisher;
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private final KafkaSource source;

    private FusionStage(Bus bus, Site site) {
        this.bus = bus;
        this.site = site;
        this.ground = new Ground(site);
        this.publisher = new ScenePublisher(bus, site);
        this.source = KafkaSource.builder(bus.bootstrapServers())
                .name("fusion")
                .intake(Intake.alignedGroup(
                        "fusion-" + site.scene(), Topics.DETECTION_CAMERA.name(), Topics.MEASUREMENT_SENSOR.name()))
                .profile(ConsumerProfile.messages().fromEnd())
                .commits(CommitMode.TRANSACTION)
                .deadLetters(bus.deadLetters())
                .observer(new SourceObserver() {
                    @Override
                    public void assigned(Collection<TopicPartition> partitions) {
                        partitions.forEach(p -> nodes.computeIfAbsent(p.partition(), FusionStage.this::startNode));
                    }

                    @Override
                    public void revoked(Collection<TopicPartition> partitions) {
                        partitions.forEach(p ->
                                Optional.ofNullable(nodes.remove(p.partition())).ifPresent(NodeRunner::close));
                    }
                })
                .build();
        subscriptions.add(Reading.newest(bus, Topics.BELIEF_NODE, Codecs.BELIEF, "fusion-beliefs")
                .subscribe(b -> nodes.values().forEach(n -> n.offer(b)), this::failed));
        subscriptions.add(Inbound.discarding(source.records()).subscribe(this::route, this::failed));
    }

    public static FusionStage start(Bus bus, Site site) {
        return new FusionStage(bus, site);
    }

    private NodeRunner startNode(int partition) {
        NodeRunner runner = new NodeRunner(
                bus, site, partition, NodeRunner.Waits.DEFAULT, source, this::newestState, publisher::publish);
        runner.start();
        return runner;
    }

    private void route(Inbound inbound) {
        NodeRunner runner = nodes.get(inbound.partition());
        if (runner == null) {
            inbound.discard();
        } else if (inbound.topic().equals(Topics.DETECTION_CAMERA.name())) {
            Reading.decode(inbound, Codecs.DETECTIONS, (detections, record) -> ground.place(detections)
                    .ifPresentOrElse(
                            scan -> runner.offer(scan, record),
                            () -> record.deadLetter(
                                    "place",
                                    new IllegalArgumentException("camera "
                                            + detections.frame().camera() + " has no calibration in the roster"))));
        } else {
            Reading.decode(inbound, Codecs.SCAN, runner::offer);
        }
    }

    /** The newest committed state of a node; compaction may have left older ones before it. */
    private Optional<NodeState> newestState(int partition) {
        KafkaSource states = KafkaSource.builder(bus.bootstrapServers())
                .name("fusion-state-" + partition)
                .intake(Intake.partition(Topics.STATE_NODE.name(), partition, Intake.oldest()))
                .profile(ConsumerProfile.transactional())
                .untilEnd()
                .build();
        AtomicReference<NodeState> newest = new AtomicReference<>();
        states.records()
                .doOnNext(inbound -> Reading.decode(inbound, Codecs.NODE_STATE, (state, record) -> {
                    record.acknowledge();
                    newest.set(state);
                }))
                .then()
                .block(Duration.ofSeconds(30));
        return Optional.ofNullable(newest.get());
    }

    private void failed(Throwable failure) {
        trouble.set("fusion stopped: " + failure.getMessage());
        LOG.error("fusion stopped", failure);
    }

    @Override
    public String name() {
        return "fusion";
    }

    @Override
    public String trouble() {
        return trouble.get().isEmpty()
                ? nodes.values().stream()
                        .map(NodeRunner::trouble)
                        .filter(t -> !t.isEmpty())
                        .collect(Collectors.joining("; "))
                : trouble.get();
    }

    @Override
    public void close() {
        subscriptions.dispose();
        nodes.values().forEach(NodeRunner::close);
        publisher.close();
    }
}
