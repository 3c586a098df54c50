package sightline.pipeline.produce;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.ledger.Disposition;
import sightline.config.ledger.LedgerSnapshot;
import sightline.config.ledger.Ticket;
import sightline.config.time.StampGuard;
import sightline.config.time.StampRules;
import sightline.pipeline.topology.Bus;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.source.Fleet;
import sightline.sensors.source.Pacing;
import sightline.sensors.source.Source;
import sightline.sensors.source.SourcePolicy;
import sightline.sensors.source.Stamped;
import sightline.sensors.source.SupervisedSource;

/**
 * Sources on their way into Kafka, side by side.
 *
 * <p>Demand: at most {@value #UNDER_WAY} observations of a source are under way to the broker. A recording waits then; a
 * live sensor does not, so its newest observation takes the place of older ones, which the ledger counts as superseded.
 * Order: each source's observations are sent in the order in which they came.
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
    private final Fleet fleet = new Fleet();
    private final Scheduler timer = Schedulers.newParallel("produce", 2, true);
    private final List<SupervisedSource<?>> sources = new CopyOnWriteArrayList<>();
    private final List<Mono<Void>> ends = new CopyOnWriteArrayList<>();
    private final Disposable.Composite beside = Disposables.composite();
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final Map<String, Arrival<?>> arrivals = new ConcurrentHashMap<>();

    public Production(Bus bus) {
        this.bus = bus;
        beside.add(bus.sink()
                .send(fleet.statuses().onBackpressureLatest().map(Production::record))
                .subscribe(sent -> {}, e -> LOG.warn("sensor status is no longer published", e)));
    }

    /**
     * Starts a source.
     *
     * @param source which
     * @param stamped how its observations carry time
     * @param origin of what it sends
     * @param flow what happens between source and sending: pacing, faults on purpose, a limit
     * @param record the record of an observation
     */
    public <T> void add(
            Source<T> source,
            Stamped<T> stamped,
            Origin origin,
            UnaryOperator<Flux<T>> flow,
            Function<T, Outbound> record) {
        SourcePolicy policy = origin == Origin.LIVE ? SourcePolicy.CAMERA : SourcePolicy.RECORDING;
        SupervisedSource<T> supervised = new SupervisedSource<>(source, policy, origin, bus.time(), timer);
        // The times of a recording are its content, in whatever order: they are not ours to mend.
        boolean trusted = origin == Origin.REPLAY;
        Arrival<T> arrival = new Arrival<>(stamped, new StampGuard(StampRules.CAMERA), bus.time(), trusted);
        Sinks.Empty<Void> end = Sinks.empty();
        sources.add(supervised);
        ends.add(end.asMono());
        arrivals.put(source.name(), arrival);
        fleet.add(supervised, observations -> {
            Flux<T> flowing = flow.apply(observations).takeUntilOther(stopping.asMono());
            Flux<T> held = origin == Origin.LIVE
                    ? Pacing.newest(flowing, lost -> open(source.name()).close(Disposition.SUPERSEDED))
                    : flowing;
            return held.concatMap(value -> Mono.fromCallable(() -> arrival.stamp(value)), 1)
                    .flatMapSequential(value -> send(source.name(), record.apply(value)), UNDER_WAY, 1)
                    .doFinally(signal -> end.tryEmitEmpty());
        });
    }

    /** Sends what is no sensor's observation: truth, calibrations. It is neither supervised nor in the ledger. */
    public void send(Flux<Outbound> records) {
        beside.add(bus.sink().send(records).subscribe(sent -> {}, e -> LOG.warn("records could not be sent", e)));
    }

    private Ticket open(String sensor) {
        return bus.ledger().open(sensor, STAGE);
    }

    private Mono<Boolean> send(String sensor, Outbound record) {
        Ticket ticket = open(sensor);
        return bus.sink()
                .send(record)
                .map(stored -> ticket.close(Disposition.DONE))
                .onErrorResume(e -> {
                    ticket.close(Disposition.FAILED);
                    LOG.warn("the broker refused a record of {}: {}", sensor, e.getMessage());
                    return Mono.empty();
                })
                .doOnCancel(() -> ticket.close(Disposition.FAILED));
    }

    private static Outbound record(SensorStatus status) {
        return Bus.message(Topics.STATUS_SENSOR, Codecs.STATUS, status.sensor(), status.timeNanos(), status);
    }

    /** Waits until all sources have ended; false if the time passed first. */
    public boolean await(Duration atMost) {
        return Boolean.TRUE.equals(Mono.when(ends)
                .thenReturn(true)
                .timeout(atMost, Mono.just(false))
                .block());
    }

    /** Takes nothing more from the sources; what is under way to the broker still arrives. */
    public void stop() {
        stopping.tryEmitEmpty();
    }

    /** The present state of each source. */
    public List<SensorStatus> statuses() {
        return sources.stream().map(SupervisedSource::status).toList();
    }

    /** Stamps of a sensor that could not be taken as they were. */
    public long anomalies(String sensor) {
        Arrival<?> arrival = arrivals.get(sensor);
        return arrival == null ? 0 : arrival.anomalies();
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
