package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Belief;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.NodeState;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.config.time.StampRules;
import sightline.operators.fusion.Fused;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.OwnershipLostException;
import sightline.sensors.kafka.Tick;
import sightline.sensors.kafka.TransactionalSink;
import sightline.sensors.source.Stamped;

/**
 * Runs one fusion node in this process, from the state that its last process left.
 *
 * <p>Everything of the node happens on its own thread. A tick's belief, the node's state and the offsets of what they were
 * made from are one transaction, so a successor goes on exactly here. The transactional id names the node: whoever
 * acquires it shuts a predecessor out, and one that was shut out stops by itself.
 */
final class NodeRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRunner.class);
    /** A transaction that follows at once on another is told to come back; the default is to wait 100 ms, a whole tick. */
    static final Map<String, String> QUICK_RETRY = Map.of("retry.backoff.ms", "8", "retry.backoff.max.ms", "100");

    private static final long POLL_MILLIS = 10;
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** A tick that is fused later than this after its time is behind. */
    private static final Duration LATE = Duration.ofMillis(300);

    private static final int DISSENTS_TOLERATED = 5;
    private final Bus bus;
    private final Site site;
    private final String name;
    private final int partition;
    private final FusionSettings settings;
    private final Pace pace;
    private final KafkaSource source;
    private final Consumer<Fused> fused;
    private final NodeMemory memory;
    private final TransactionalSink sink;
    private final Scheduler thread;
    private final SensorClocks clocks;
    /** What was offered and not taken yet. */
    private final Set<Arrival<Scan>> waiting = ConcurrentHashMap.newKeySet();

    private final AtomicReference<String> trouble = new AtomicReference<>("no scan yet");
    private FusionNode node;
    private long incarnation;
    /** Whether the last closed tick is still to be fused, and until when the peers may take. */
    private boolean open;

    private long fuseBy;
    private int dissents;
    private volatile boolean closed;

    /**
     * @param pace of its ticks; the runner's own from now on
     * @param source of the scans, whose completed offsets go into each transaction
     * @param fused is told of every fused tick, on the node's thread
     */
    NodeRunner(
            Bus bus,
            Site site,
            int partition,
            FusionSettings settings,
            Pace pace,
            KafkaSource source,
            Consumer<Fused> fused) {
        this.settings = settings;
        this.bus = bus;
        this.site = site;
        this.partition = partition;
        this.name = site.nodes().get(partition);
        this.pace = pace;
        this.source = source;
        this.memory = new NodeMemory(bus);
        this.fused = fused;
        this.sink = TransactionalSink.open(bus.bootstrapServers(), site.scene() + "-" + name, QUICK_RETRY);
        this.thread = bus.arbiter().thread(name, Claim.FUSION);
        this.clocks = bus.clocks(FusionStage.STAGE, StampRules.DOWNSTREAM);
    }

    String name() {
        return name;
    }

    MemoryLine memoryLine() {
        return MemoryLine.atMost("transactions of " + name, "heap", sink.memoryBound());
    }

    String trouble() {
        return trouble.get();
    }

    /** Takes the node over and goes on from its state; scans that arrive meanwhile wait for it. */
    void start() {
        thread.schedule(() -> guarded(() -> {
            patiently(this::takeOver);
            thread.schedulePeriodically(() -> guarded(this::turn), POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        }));
    }

    private void takeOver() {
        sink.acquire().block();
        Optional<NodeState> state = memory.newestState(partition);
        incarnation = state.map(s -> FusionNode.incarnationOf(s.snapshot()))
                .orElseGet(() -> pace.beginning(bus.time().nanos()));
        node = new FusionNode(site, name, incarnation, settings);
        state.ifPresent(this::resume);
        catchUp(state.map(s -> s.tick() * site.tickNanos()).orElse(incarnation));
        LOG.info(
                "{} {}",
                name,
                state.isPresent() ? "goes on from tick " + state.get().tick() : "begins anew");
    }

    /** Again and again while the broker is away: a node that gave up would hold up or mislead its peers. */
    private void patiently(Runnable step) {
        while (!closed) {
            try {
                step.run();
                return;
            } catch (OwnershipLostException e) {
                throw e;
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                trouble.set(name + " waits for the broker: " + e.getMessage());
                LOG.warn("{} tries again: {}", name, e.toString());
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private void resume(NodeState state) {
        node.restore(state.snapshot());
        node.scans().forEach(s -> pace.remembered(s.sensor(), s.time().exposureNanos()));
        await();
    }

    /** What peers said while nobody was this node; what they say from now on comes through {@link #offer(Belief)}. */
    private void catchUp(long sinceNanos) {
        // From twice the late window before its last tick on.
        memory.beliefsSince(sinceNanos - 2 * settings.lagTicks() * site.tickNanos(), this::hear);
    }

    private void await() {
        open = true;
        fuseBy = pace.fuseBy(bus.time().nanos());
    }

    /** A scan of one of the node's sensors; it is disposed of when the node has it. */
    void offer(Arrival<Scan> arrival) {
        waiting.add(arrival);
        try {
            thread.schedule(() -> guarded(() -> {
                if (node != null && waiting.remove(arrival)) {
                    take(arrival);
                    turn();
                }
            }));
        } catch (RejectedExecutionException e) {
            abandonWaiting();
        }
    }

    private void take(Arrival<Scan> arrival) {
        try {
            Scan scan = mended(arrival.value());
            FusionNode.Outcome outcome = node.onScan(scan);
            pace.heard(scan.sensor(), scan.time().exposureNanos(), bus.time().nanos());
            trouble.set("");
            switch (outcome) {
                case DUPLICATE -> arrival.redelivered();
                case TOO_LATE -> arrival.stale();
                default -> arrival.done();
            }
        } catch (IllegalArgumentException e) {
            arrival.invalid("fusion", e);
        }
    }

    private Scan mended(Scan scan) {
        if (site.sensor(scan.sensor()).isEmpty()) {
            // The node will say so.
            return scan;
        }
        ObservationTime said = scan.time();
        long received = pace.received(said.exposureNanos(), bus.time().nanos());
        return Stamped.SCANS.with(scan, clocks.mended(scan.sensor(), scan.origin(), said, received), scan.sequence());
    }

    /** A sensor of the node has nothing to tell up to the header's time. */
    void quiet(FrameHeader heartbeat) {
        thread.schedule(() -> guarded(() -> {
            ObservationTime said = heartbeat.time();
            long received = pace.received(said.exposureNanos(), bus.time().nanos());
            ObservationTime mended = clocks.mended(heartbeat.camera(), heartbeat.origin(), said, received);
            pace.quiet(heartbeat.camera(), mended.exposureNanos());
            if (node != null) {
                turn();
            }
        }));
    }

    /** Where the node is not this process's any more, its records stay unread for whoever runs it. */
    private void abandonWaiting() {
        waiting.removeIf(arrival -> {
            arrival.abandoned();
            return true;
        });
    }

    void offer(Belief belief) {
        thread.schedule(() -> guarded(() -> {
            if (node == null) {
                return;
            }
            hear(belief);
            turn();
        }));
    }

    private void hear(Belief belief) {
        try {
            node.onBelief(belief);
        } catch (IllegalArgumentException e) {
            LOG.warn("{} does not take a belief of {}: {}", name, belief.node(), e.getMessage());
        }
    }

    /** Does what is due: after all that may have made something due, and now and then because time passes. */
    private void turn() {
        long now = bus.time().nanos();
        if (open && (now >= fuseBy || node.complete())) {
            fuse();
        }
        boolean waiting = open && fuseBy == Long.MAX_VALUE;
        OptionalLong due = waiting ? OptionalLong.empty() : pace.due(node.lastTick(), now);
        if (due.isPresent()) {
            if (open) {
                fuse();
            }
            // What was agreed on elsewhere may have been taken over, and with it ticks that lie ahead of this one.
            if (due.getAsLong() > node.lastTick()) {
                close(due.getAsLong());
                await();
            }
        }
    }

    private void fuse() {
        open = false;
        if (bus.time().nanos() - node.lastTick() * site.tickNanos() > LATE.toNanos()) {
            bus.arbiter().behind(Claim.FUSION);
        }
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
        memory.newestState(site.nodes().indexOf(peer)).ifPresent(state -> {
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
        Tick committed = new Tick(records, offsets(), source.membership());
        patiently(() -> sink.commit(committed).block());
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
            abandonWaiting();
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
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        thread.dispose();
        abandonWaiting();
        bus.forget(clocks);
        sink.close();
    }
}
