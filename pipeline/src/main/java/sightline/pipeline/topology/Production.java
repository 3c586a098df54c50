package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.ledger.LedgerSnapshot;
import sightline.config.time.StampGuard;
import sightline.config.time.StampRules;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.Sent;
import sightline.sensors.source.Fleet;
import sightline.sensors.source.Pacing;
import sightline.sensors.source.Source;
import sightline.sensors.source.SourcePolicy;
import sightline.sensors.source.Stamped;
import sightline.sensors.source.SupervisedSource;

/**
 * Sources on their way into Kafka, side by side: the edge of a pipeline, in one process with the rest or alone.
 *
 * <p>Demand: at most {@value #UNDER_WAY} observations of a source are under way to the broker. A recording waits then; an
 * endless source does not, so its newest observation takes the place of older ones, which the ledger counts as superseded.
 * Order: each source's observations are sent in the order in which they came. A source that has nothing to tell for a
 * heartbeat says so on its own partition.
 *
 * <p>Failure: a source that fails, or a record that the broker refuses, disturbs no other. Threading: sources may be added
 * from any thread. Ownership: closes its sources, not the bus.
 */
public final class Production implements AutoCloseable {

    /** Stage name in the ledger. */
    public static final String STAGE = "produce";

    private static final Logger LOG = LoggerFactory.getLogger(Production.class);
    private static final int UNDER_WAY = 32;

    private final Bus bus;
    private final SourcePolicy live;
    private final Fleet fleet = new Fleet();
    private final Scheduler timer = Schedulers.newParallel("produce", 2, true);
    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Disposable.Composite beside = Disposables.composite();
    private final Sinks.Empty<Void> stopping = Sinks.empty();

    /** A sensor, and when it will have ended. */
    private record Member(SensorFeed<?> feed, Mono<Void> end) {}

    public Production(Bus bus) {
        this(bus, SourcePolicy.CAMERA);
    }

    /** @param live how sources behave that are no recordings */
    public Production(Bus bus, SourcePolicy live) {
        this.bus = bus;
        this.live = live;
        beside.add(send(fleet.statuses()
                .onBackpressureLatest()
                .map(status -> Records.status(Optional.ofNullable(members.get(status.sensor()))
                        .map(m -> m.feed.told(status))
                        .orElse(status)))));
    }

    /**
     * Starts a source that behaves as what has its origin does: a live one without end, or a recording.
     *
     * @see #add(Source, Stamped, Origin, SourcePolicy, UnaryOperator, Function)
     */
    public <T> Stage add(
            Source<T> source,
            Stamped<T> stamped,
            Origin origin,
            UnaryOperator<Flux<T>> flow,
            Function<T, Outbound> record) {
        return add(source, stamped, origin, origin == Origin.LIVE ? live : SourcePolicy.RECORDING, flow, record);
    }

    /**
     * Starts a source.
     *
     * @param source which
     * @param stamped how its observations carry time
     * @param origin of what it sends
     * @param policy how it behaves; one that is endless does not wait for the broker
     * @param flow what happens between source and sending: pacing, faults on purpose, a limit
     * @param record the record of an observation
     * @return the running source; closing it removes it and frees all it holds
     * @throws IllegalArgumentException if a source of that name is running: two cameras with one name would mix
     */
    public <T> Stage add(
            Source<T> source,
            Stamped<T> stamped,
            Origin origin,
            SourcePolicy policy,
            UnaryOperator<Flux<T>> flow,
            Function<T, Outbound> record) {
        SupervisedSource<T> supervised = new SupervisedSource<>(source, policy, origin, bus.time(), timer);
        // The times of a recording are its content, in whatever order: they are not ours to mend.
        boolean trusted = origin == Origin.REPLAY;
        Stamping<T> stamping = new Stamping<>(stamped, new StampGuard(StampRules.CAMERA), bus.time(), trusted);
        Sinks.Empty<Void> end = Sinks.empty();
        SensorFeed<T> feed = new SensorFeed<>(bus, supervised, stamping, record, this::remove);
        fleet.add(supervised, observations -> {
            members.put(source.name(), new Member(feed, end.asMono()));
            Flux<T> flowing = flow.apply(observations).takeUntilOther(stopping.asMono());
            Flux<T> held = policy.endless() ? Pacing.newest(flowing, lost -> feed.superseded()) : flowing;
            Disposable beats = Flux.interval(policy.heartbeat(), timer)
                    .onBackpressureDrop()
                    .subscribe(tick -> feed.beat());
            return feed.send(held, UNDER_WAY).doFinally(signal -> {
                beats.dispose();
                end.tryEmitEmpty();
            });
        });
        return feed;
    }

    /** Unless another source has its name by now. */
    private void remove(SensorFeed<?> feed) {
        Member member = members.get(feed.name());
        if (member != null && member.feed == feed && members.remove(feed.name(), member)) {
            fleet.remove(feed.name());
        }
    }

    /** Sends what is no sensor's observation: truth, calibrations. It is neither supervised nor in the ledger. */
    public Disposable send(Flux<Outbound> records) {
        Disposable sending =
                bus.sink().send(records).subscribe(Production::report, e -> LOG.warn("records could not be sent", e));
        beside.add(sending);
        return () -> {
            beside.remove(sending);
            sending.dispose();
        };
    }

    private static void report(Sent sent) {
        if (sent instanceof Sent.Refused refused) {
            LOG.warn(
                    "the broker refused a record for {}: {}",
                    refused.outbound().topic(),
                    refused.cause().getMessage());
        }
    }

    /** Waits until all sources have ended; false if the time passed first. */
    public boolean await(Duration atMost) {
        return Boolean.TRUE.equals(
                Mono.when(members.values().stream().map(Member::end).toList())
                        .thenReturn(true)
                        .timeout(atMost, Mono.just(false))
                        .block());
    }

    /** Takes nothing more from the sources; what is under way to the broker still arrives. */
    public void stop() {
        stopping.tryEmitEmpty();
    }

    /** The present state of each source that was not removed, by name. */
    public List<SensorStatus> statuses() {
        return members.keySet().stream()
                .sorted()
                .map(members::get)
                .map(m -> m.feed.status())
                .toList();
    }

    /** Stamps of a sensor that could not be taken as they were. */
    public long anomalies(String sensor) {
        Member member = members.get(sensor);
        return member == null ? 0 : member.feed.anomalies();
    }

    /** Where it all goes. */
    Bus bus() {
        return bus;
    }

    public LedgerSnapshot ledger() {
        return bus.ledger().snapshot();
    }

    @Override
    public void close() {
        fleet.close();
        beside.dispose();
        timer.dispose();
    }
}
