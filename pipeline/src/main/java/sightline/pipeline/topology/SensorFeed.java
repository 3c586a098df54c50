package sightline.pipeline.topology;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;
import sightline.config.ledger.Disposition;
import sightline.config.ledger.Ticket;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.source.SupervisedSource;

/**
 * One sensor of a {@link Production}: stamps its observations, sends them, keeps their account, and says that it is there
 * when it has nothing to tell. A record that the broker refuses is logged with its reason and lost alone.
 *
 * @param <T> what it observes
 */
final class SensorFeed<T> implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(SensorFeed.class);

    private final Bus bus;
    private final SupervisedSource<T> source;
    private final Stamping<T> stamping;
    private final Function<T, Outbound> record;
    private final Consumer<SensorFeed<?>> remove;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Outbound last;
    private volatile boolean spoke;
    private volatile String refusal = "";

    /** @param remove takes it out of its production */
    SensorFeed(
            Bus bus,
            SupervisedSource<T> source,
            Stamping<T> stamping,
            Function<T, Outbound> record,
            Consumer<SensorFeed<?>> remove) {
        this.bus = bus;
        this.source = source;
        this.stamping = stamping;
        this.record = record;
        this.remove = remove;
    }

    /** Sends what comes, in its order, so many at a time. */
    Flux<Sending> send(Flux<T> observations, int atOnce) {
        return observations
                .concatMap(
                        value -> Mono.fromCallable(() -> record.apply(stamping.stamp(value)))
                                .onErrorResume(this::unfit),
                        1)
                // Booked no earlier than subscribed to: what is never subscribed to could not be closed.
                .flatMapSequential(outbound -> Mono.defer(() -> send(outbound)), atOnce, 1);
    }

    /** An observation of which no record can be made is lost alone. */
    private Mono<Outbound> unfit(Throwable cause) {
        open().close(Disposition.FAILED);
        refusal = cause.getMessage();
        LOG.warn("{}: {}", name(), refusal, cause);
        return Mono.empty();
    }

    /** How a record fared. */
    enum Sending {
        STORED,
        REFUSED
    }

    private Mono<Sending> send(Outbound outbound) {
        Ticket ticket = open();
        last = outbound;
        spoke = true;
        underWay.incrementAndGet();
        return bus.sink()
                .send(outbound)
                .map(stored -> {
                    ticket.close(Disposition.DONE);
                    refusal = "";
                    return Sending.STORED;
                })
                .onErrorResume(e -> {
                    ticket.close(Disposition.FAILED);
                    refusal = "the broker refused a record: " + e.getMessage();
                    LOG.warn("{}: {}", name(), refusal);
                    return Mono.just(Sending.REFUSED);
                })
                .doOnCancel(() -> ticket.close(Disposition.FAILED))
                .doFinally(signal -> underWay.decrementAndGet());
    }

    /** An observation gave way to a newer one before it was sent. */
    void superseded() {
        open().close(Disposition.SUPERSEDED);
    }

    private Ticket open() {
        return bus.ledger().open(name(), Production.STAGE);
    }

    /** Called about once a heartbeat: a sensor that said nothing since the last call says that it is there. */
    void beat() {
        boolean quiet = !spoke && underWay.get() == 0;
        spoke = false;
        Outbound before = last;
        if (quiet && before != null) {
            stamping.quiet().map(header -> Records.heartbeat(before, header)).ifPresent(this::sendBeat);
        }
    }

    private void sendBeat(Outbound heartbeat) {
        underWay.incrementAndGet();
        bus.sink()
                .send(heartbeat)
                .doFinally(signal -> underWay.decrementAndGet())
                .subscribe(sent -> {}, e -> LOG.debug("a heartbeat of {} was not stored", name(), e));
    }

    /** Its state, with the clock that stamps it. */
    SensorStatus told(SensorStatus status) {
        return stamping.newest()
                .map(FrameHeader::time)
                .map(t -> new SensorStatus(
                        status.sensor(),
                        status.state(),
                        status.timeNanos(),
                        status.rateHz(),
                        t.clockId(),
                        t.sigmaNanos(),
                        status.reason(),
                        status.origin()))
                .orElse(status);
    }

    SensorStatus status() {
        return told(source.status());
    }

    /** Stamps that could not be taken as they were. */
    long anomalies() {
        return stamping.anomalies();
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String trouble() {
        SensorStatus now = source.status();
        return now.state() == State.LIVE
                ? refusal
                : now.state().name().toLowerCase(Locale.ROOT) + (now.reason().isEmpty() ? "" : ": " + now.reason());
    }

    @Override
    public void close() {
        remove.accept(this);
    }
}
