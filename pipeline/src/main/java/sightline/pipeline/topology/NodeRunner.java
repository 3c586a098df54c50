package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Belief;
import sightline.config.domain.NodeState;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.operators.fusion.Fused;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.OwnershipLostException;
import sightline.sensors.kafka.Tick;
import sightline.sensors.kafka.TransactionalSink;

/**
 * Runs one fusion node in this process, from the state that its last process left.
 *
 * <p>Everything of the node happens on its own thread. A tick's belief, the node's state and the offsets of what they were
 * made from are one transaction, so a successor goes on exactly here. The transactional id names the node: whoever
 * acquires it shuts a predecessor out, and one that was shut out stops by itself.
 */
final class NodeRunner implements AutoCloseable {
    /**
     * Times that a node waits.
     *
     * @param deadline after a tick, for its own sensors
     * @param patience after its own belief, for its peers'
     * @param silent after which a sensor is not waited for
     */
    record Waits(Duration deadline, Duration patience, Duration silent) {
        static final Waits DEFAULT = new Waits(Duration.ofMillis(140), Duration.ofMillis(60), Duration.ofSeconds(1));
    }

    private static final Logger LOG = LoggerFactory.getLogger(NodeRunner.class);
    /** A transaction that follows at once on another is told to come back; the default is to wait 100 ms, a whole tick. */
    static final Map<String, String> QUICK_RETRY = Map.of("retry.backoff.ms", "8", "retry.backoff.max.ms", "100");

    private static final long POLL_MILLIS = 10;
    private static final int DISSENTS_TOLERATED = 5;

    private final Bus bus;
    private final Site site;
    private final String name;
    private final int partition;
    private final Waits waits;
    private final KafkaSource source;
    private final Consumer<Fused> fused;
    private final IntFunction<Optional<NodeState>> states;
    private final TransactionalSink sink;
    private final Scheduler thread;
    private final NodeTimes times;
    private final AtomicReference<String> trouble = new AtomicReference<>("no scan yet");
    private FusionNode node;
    private long incarnation;
    private final Set<String> heard = new HashSet<>();
    private long fuseBy = Long.MAX_VALUE;
    private int dissents;
    private volatile boolean closed;

    /**
     * @param source of the scans, whose completed offsets go into each transaction
     * @param states finds the newest stored state of a partition
     * @param fused is told of every fused tick, on the node's thread
     */
    NodeRunner(
            Bus bus,
            Site site,
            int partition,
            Waits waits,
            KafkaSource source,
            IntFunction<Optional<NodeState>> states,
            Consumer<Fused> fused) {
        this.bus = bus;
        this.site = site;
        this.partition = partition;
        this.name = site.nodes().get(partition);
        this.waits = waits;
        this.source = source;
        this.states = states;
        this.fused = fused;
        this.sink = TransactionalSink.open(bus.bootstrapServers(), site.scene() + "-" + name, QUICK_RETRY);
        this.thread = Threads.single(name, Thread.NORM_PRIORITY);
        this.times = new NodeTimes(
                site.tickNanos(), waits.deadline().toNanos(), waits.silent().toNanos());
    }

    String name() {
        return name;
    }

    String trouble() {
        return trouble.get();
    }

    /** Takes the node over and goes on from its state; scans that arrive meanwhile wait for it. */
    void start() {
        thread.schedule(() -> guarded(() -> {
            sink.acquire().block(Duration.ofSeconds(30));
            Optional<NodeState> state = states.apply(partition);
            incarnation = state.map(s -> FusionNode.incarnationOf(s.snapshot()))
                    .orElseGet(() -> bus.time().nanos());
            node = new FusionNode(site, name, incarnation, FusionSettings.standard());
            state.ifPresent(s -> node.restore(s.snapshot()));
            LOG.info(
                    "{} {}",
                    name,
                    state.isPresent() ? "goes on from tick " + state.get().tick() : "begins anew");
            thread.schedulePeriodically(() -> guarded(this::poll), POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        }));
    }

    /** A scan of one of the node's sensors; its record is disposed of when the node has it. */
    void offer(Scan scan, Inbound record) {
        thread.schedule(() -> guarded(() -> {
            if (node == null) {
                // The node could not be taken over; its records stay unread for whoever can.
                return;
            }
            try {
                node.onScan(scan);
                times.heard(scan.sensor(), scan.time().exposureNanos());
                trouble.set("");
                record.acknowledge();
            } catch (IllegalArgumentException e) {
                record.deadLetter("fusion", e);
            }
        }));
    }

    void offer(Belief belief) {
        thread.schedule(() -> guarded(() -> {
            if (node == null) {
                return;
            }
            try {
                node.onBelief(belief);
                if (belief.tick() == node.lastTick()) {
                    heard.add(belief.node());
                }
            } catch (IllegalArgumentException e) {
                LOG.warn("{} does not take a belief of {}: {}", name, belief.node(), e.getMessage());
            }
        }));
    }

    private void poll() {
        long now = bus.time().nanos();
        if (now >= fuseBy || heard.containsAll(site.nodes())) {
            fuse();
        }
        OptionalLong due = times.due(node.lastTick(), now);
        if (due.isPresent()) {
            if (fuseBy != Long.MAX_VALUE) {
                fuse();
            }
            close(due.getAsLong());
            fuseBy = now + waits.patience().toNanos();
        }
    }

    private void fuse() {
        fuseBy = Long.MAX_VALUE;
        heard.clear();
        fused.accept(node.fused());
        Optional<String> dissent = node.dissent();
        dissents = dissent.isPresent() ? dissents + 1 : 0;
        if (dissents > DISSENTS_TOLERATED) {
            adopt(dissent.get());
            dissents = 0;
        }
    }

    /** The others have agreed on another past: a message was lost for good, or this node is new. */
    private void adopt(String peer) {
        states.apply(site.nodes().indexOf(peer)).ifPresent(state -> {
            node.adopt(state.snapshot());
            LOG.info("{} takes over what {} has agreed on", name, peer);
        });
    }

    private void close(long tick) {
        List<Belief> beliefs = node.tick(tick);
        List<Outbound> records = new ArrayList<>(beliefs.size() + 1);
        for (Belief belief : beliefs) {
            records.add(Bus.message(Topics.BELIEF_NODE, Codecs.BELIEF, name, belief.tickNanos(), belief)
                    .on(partition));
        }
        Origin origin = beliefs.getLast().origin();
        NodeState state = new NodeState(site.scene(), name, incarnation, tick, node.snapshot(), origin);
        records.add(Bus.message(Topics.STATE_NODE, Codecs.NODE_STATE, name, tick * site.tickNanos(), state)
                .on(partition));
        heard.clear();
        heard.add(name);
        sink.commit(new Tick(records, offsets(), source.membership())).block(Duration.ofSeconds(60));
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> mine = new java.util.HashMap<>(source.completed());
        mine.keySet().removeIf(p -> p.partition() != partition);
        return mine;
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (OwnershipLostException e) {
            trouble.set(name + " is run by another process now");
            LOG.warn("{}: {}", name, e.getMessage());
            thread.dispose();
        } catch (RuntimeException e) {
            if (closed) {
                // A commit was cut short by the end: its tick was not committed, and a successor works it out again.
                return;
            }
            trouble.set(name + " had to skip a step: " + e.getMessage());
            LOG.warn("{} had to skip a step", name, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.dispose();
        sink.close();
    }
}
