package sightline.pipeline.drill;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.site.Rehearsal;
import sightline.config.site.Site;
import sightline.operators.drill.Play;
import sightline.pipeline.topology.Bus;
import sightline.pipeline.topology.Reading;

/**
 * Puts plays into a running pipeline, through Kafka alone, and waits for their alarms there. One play at a time; between two
 * the stage is cleared, so that the tracks of one are gone before the next begins.
 *
 * <p>Threading: one caller, who is kept until the play is over. Ownership: it closes what it reads with; the bus is the
 * caller's.
 */
public final class Theatre implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Longer than a pipeline remembers the tracks of a drill. */
    private static final Duration CLEARED = Duration.ofSeconds(3);

    private static final Duration CURTAIN = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int EVENTS_KEPT = 1000;

    /** An event, and when it could be read. */
    private record Heard(Event event, long atNanos) {}

    private final Bus bus;
    private final Site site;
    private final Disposable.Composite readers = Disposables.composite();
    private final ConcurrentLinkedQueue<Heard> events = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean tracked = new AtomicBoolean();
    private final Set<String> perceived = ConcurrentHashMap.newKeySet();
    private volatile boolean fusing;

    public Theatre(Bus bus, Site site) {
        this.bus = bus;
        this.site = site;
        readers.add(Reading.newest(bus, Topics.EVENT_RULE, Codecs.EVENT, "drill-events")
                .subscribe(this::hear));
        readers.add(Reading.newest(bus, Topics.TRACK_FUSED, Codecs.TRACK, "drill-tracks")
                .filter(t -> t.origin() == Origin.DRILL)
                .subscribe(t -> tracked.set(true)));
        readers.add(Reading.newest(bus, Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "drill-detections")
                .filter(d -> Rehearsal.isDouble(d.frame().camera()))
                .subscribe(d -> perceived.add(d.frame().camera())));
        readers.add(Reading.newest(bus, Topics.BELIEF_NODE, Codecs.BELIEF, "drill-nodes")
                .filter(b -> b.scene().equals(site.scene()))
                .subscribe(b -> fusing = true));
    }

    private void hear(Event event) {
        events.add(new Heard(event, bus.time().nanos()));
        if (events.size() > EVENTS_KEPT) {
            events.poll();
        }
    }

    /**
     * Waits until somebody perceives and somebody fuses; an {@link IllegalStateException} says who does not.
     *
     * @param empty a stage with nobody on it, as the plays are going to be filmed
     */
    public void open(Performance empty) {
        long until = bus.time().nanos() + READY.toNanos();
        for (int shot = 0; !(fusing && !perceived.isEmpty()); shot = (shot + 1) % empty.size()) {
            if (bus.time().nanos() > until) {
                throw new IllegalStateException(
                        (fusing ? "nobody perceives" : "nobody fuses") + " scene " + site.scene() + " at "
                                + bus.bootstrapServers() + "; is the pipeline running, and this its site?");
            }
            long now = bus.time().nanos();
            send(empty, shot, now - Math.round(empty.seconds(shot) * 1e9));
            await(now + Duration.ofMillis(250).toNanos(), () -> fusing && !perceived.isEmpty());
        }
        await(bus.time().nanos() + CLEARED.toNanos(), () -> false);
    }

    /** Plays, waits for the alarm, and clears the stage. */
    public Outcome perform(Performance performance) {
        events.clear();
        tracked.set(false);
        Play play = performance.play();
        long curtain = bus.time().nanos() + CURTAIN.toNanos();
        for (int shot = 0; shot < performance.size(); shot++) {
            await(curtain + Math.round(performance.seconds(shot) * 1e9), () -> false);
            send(performance, shot, curtain);
        }
        long end = curtain + Math.round(play.length() * 1e9);
        await(end + PATIENCE.toNanos(), () -> alarm(play, curtain).isPresent());
        Outcome outcome = outcome(play, curtain);
        await(bus.time().nanos() + CLEARED.toNanos(), () -> false);
        return outcome;
    }

    private void send(Performance performance, int shot, long curtain) {
        bus.sink().send(Flux.fromIterable(performance.records(shot, curtain))).subscribe(sent -> {}, failure -> {});
    }

    private Outcome outcome(Play play, long curtain) {
        Optional<Heard> alarm = alarm(play, curtain);
        int live = (int) events.stream()
                .map(Heard::event)
                .filter(e -> e.origin().mayAlarm())
                .filter(e -> e.tracks().stream().anyMatch(t -> !t.origin().mayAlarm()))
                .count();
        OptionalDouble delay = alarm.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((alarm.get().atNanos - curtain) / 1e9 - play.happens());
        return new Outcome(play, alarm.map(Heard::event), delay, tracked.get(), live);
    }

    private Optional<Heard> alarm(Play play, long curtain) {
        return events.stream()
                .filter(h -> h.event.origin() == Origin.DRILL
                        && h.event.kind() == play.kind()
                        && h.event.zone().equals(play.zone())
                        && h.event.timeNanos() >= curtain)
                .findFirst();
    }

    /** Waits until then, or until it is so. */
    private void await(long untilNanos, BooleanSupplier so) {
        while (bus.time().nanos() < untilNanos && !so.getAsBoolean()) {
            LockSupport.parkNanos(
                    Math.min(LOOK.toNanos(), untilNanos - bus.time().nanos()));
        }
    }

    @Override
    public void close() {
        readers.dispose();
    }
}
