package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.settings.Settings;
import sightline.config.site.Rehearsal;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.fusion.Fused;
import sightline.pipeline.metrics.MemoryLine;
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
 * <p>Every process reads the beliefs of all nodes, outside any group. The process that runs the first node holds the scene's
 * lease and publishes the fused tracks.
 */
public final class FusionStage implements Stage {
    /** Its name in the ledger. */
    static final String STAGE = "fusion";

    private static final Logger LOG = LoggerFactory.getLogger(FusionStage.class);

    /** Scans that wait for a node; each node takes them as they come. */
    private static final int IN_FLIGHT = 128;

    private final Bus bus;
    private final Site site;
    private final Settings settings;
    private final OptionalLong replay;
    private final Ground ground;
    private final DrillFusion drill;
    private final Map<Integer, NodeRunner> nodes = new ConcurrentHashMap<>();
    private final ScenePublisher publisher;
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private final KafkaSource source;

    private FusionStage(Bus bus, Lookout lookout, Site site, Settings settings, OptionalLong replay) {
        this.settings = settings;
        this.bus = bus;
        this.site = site;
        this.replay = replay;
        this.ground = new Ground(site);
        this.drill = new DrillFusion(site, bus.time());
        this.publisher = new ScenePublisher(bus, site);
        this.source = bus.reader("fusion")
                .intake(Intake.alignedGroup(
                        "fusion-" + site.scene(),
                        Topics.DETECTION_CAMERA.name(),
                        Topics.MEASUREMENT_SENSOR.name(),
                        Topics.LEASE_SCENE.name()))
                .profile(
                        replay.isPresent()
                                ? ConsumerProfile.messages()
                                : ConsumerProfile.messages().fromEnd())
                .commits(CommitMode.TRANSACTION)
                .maxInFlight(IN_FLIGHT)
                .observer(new Ownership())
                .build();
        subscriptions.add(lookout.beliefs().subscribe(b -> nodes.values().forEach(n -> n.offer(b)), this::failed));
        // A node first reads what its peers have said: whatever they say after that must be heard.
        subscriptions.add(Inbound.discarding(lookout.following().thenMany(source.records()))
                .subscribe(this::route, this::failed));
    }

    /** @param replay fuse what the topics hold from this exposure time on, and not what is exposed from now on */
    static FusionStage start(Bus bus, Lookout lookout, Site site, Settings settings, OptionalLong replay) {
        return new FusionStage(bus, lookout, site, settings, replay);
    }

    /** The lease is aligned with the first node, so whoever runs that one writes. */
    private final class Ownership implements SourceObserver {
        @Override
        public void assigned(Collection<TopicPartition> partitions) {
            for (TopicPartition owned : partitions) {
                if (isLease(owned)) {
                    publisher.take();
                } else if (owned.partition() < site.nodes().size() && !nodes.containsKey(owned.partition())) {
                    // A cluster may have been set up for more nodes than this site has; nothing of it lies there.
                    startNode(owned.partition());
                }
            }
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {
            for (TopicPartition lost : partitions) {
                if (isLease(lost)) {
                    publisher.give();
                } else {
                    Optional.ofNullable(nodes.remove(lost.partition())).ifPresent(NodeRunner::close);
                }
            }
        }

        private boolean isLease(TopicPartition partition) {
            return partition.topic().equals(Topics.LEASE_SCENE.name());
        }
    }

    /** It is among those who are told of beliefs before it reads those of the past. */
    private void startNode(int partition) {
        Consumer<Fused> heard = partition == 0 ? this::publish : fused -> {};
        NodeRunner runner =
                new NodeRunner(bus, site, partition, FusionKeys.node(settings), pace(partition), source, heard);
        nodes.put(partition, runner);
        runner.start();
    }

    private void publish(Fused fused) {
        List<Track> all = Stream.concat(fused.tracks().stream(), drill.tracks(fused.tick()).stream())
                .toList();
        Origin origin = all.stream().map(Track::origin).reduce(fused.origin(), Origin::join);
        publisher.publish(new SceneTick(fused.tick(), fused.tick() * site.tickNanos(), all, origin));
    }

    private Pace pace(int partition) {
        return replay.isPresent()
                ? new ReplayPace(
                        site.tickNanos(),
                        replay.getAsLong(),
                        sensorsOf(site.nodes().get(partition)))
                : new LivePace(site.tickNanos(), FusionKeys.pace(settings));
    }

    private List<String> sensorsOf(String node) {
        return site.sensorsOf(node).stream().map(SensorSpec::name).toList();
    }

    private void route(Inbound inbound) {
        NodeRunner runner = nodes.get(inbound.partition());
        if (runner == null) {
            inbound.discard();
        } else if (FrameHeaders.isHeartbeat(inbound::header)) {
            quiet(runner, inbound);
        } else if (inbound.topic().equals(Topics.DETECTION_CAMERA.name())) {
            Reading.decode(inbound, Codecs.DETECTIONS, (detections, record) -> place(detections, runner, record));
        } else {
            Reading.decode(inbound, Codecs.SCAN, (scan, record) -> fuse(scan, runner, record));
        }
    }

    private void place(Detections detections, NodeRunner runner, Inbound record) {
        String camera = detections.frame().camera();
        (Rehearsal.isDouble(camera) ? drill.place(detections) : ground.place(detections))
                .ifPresentOrElse(
                        scan -> fuse(scan, runner, record),
                        () -> record.deadLetter(
                                "place",
                                new IllegalArgumentException(
                                        "camera " + camera + " has no calibration in the roster")));
    }

    /** What is not real is fused apart, whatever sensor it claims to come from. */
    private void fuse(Scan scan, NodeRunner runner, Inbound record) {
        if (Rehearsed.mistaken(scan.sensor(), scan.origin())) {
            record.deadLetter("fusion", new IllegalArgumentException(Rehearsed.mistake(scan.sensor(), scan.origin())));
        } else if (Rehearsal.isDouble(scan.sensor())) {
            rehearse(scan, record);
        } else {
            runner.offer(new Arrival<>(
                    scan, record, bus.ledger().open(scan.sensor(), STAGE, scan.epoch(), scan.sequence())));
        }
    }

    private void rehearse(Scan scan, Inbound record) {
        try {
            drill.offer(scan);
            record.acknowledge();
        } catch (IllegalArgumentException e) {
            record.deadLetter("drill", e);
        }
    }

    /** It says up to when its sensor is known, so it is as good as a scan for all but the filter. */
    private void quiet(NodeRunner runner, Inbound inbound) {
        try {
            FrameHeader heartbeat = FrameHeaders.read(inbound.key(), inbound::header);
            if (site.sensor(heartbeat.camera()).isPresent()) {
                runner.quiet(heartbeat);
            }
            inbound.acknowledge();
        } catch (MalformedRecordException e) {
            inbound.deadLetter("heartbeat", e);
        }
    }

    private void failed(Throwable failure) {
        trouble.set("fusion stopped: " + failure.getMessage());
        LOG.error("fusion stopped", failure);
    }

    @Override
    public String name() {
        return STAGE;
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
    public List<MemoryLine> memory() {
        List<MemoryLine> lines = new ArrayList<>();
        lines.add(Reading.bound(name(), source));
        lines.add(publisher.memory());
        nodes.values().forEach(node -> lines.add(node.memoryLine()));
        return lines;
    }

    @Override
    public void close() {
        subscriptions.dispose();
        nodes.values().forEach(NodeRunner::close);
        publisher.close();
        Reading.awaitEnd(source);
    }
}
