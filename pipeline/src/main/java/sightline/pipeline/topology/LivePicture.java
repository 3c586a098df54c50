package sightline.pipeline.topology;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Event;
import sightline.config.domain.RenderResult;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.evidence.DataRef;
import sightline.config.evidence.Evidence;
import sightline.config.settings.Settings;
import sightline.pipeline.web.CameraView;
import sightline.pipeline.web.Commands;
import sightline.pipeline.web.Depiction;
import sightline.pipeline.web.FusedTick;
import sightline.pipeline.web.NodeTick;
import sightline.pipeline.web.Picture;
import sightline.pipeline.web.Readiness;
import sightline.pipeline.web.SiteView;
import sightline.pipeline.web.SystemFacts;

/**
 * The dashboard's view of the pipeline, made from topics alone: whoever serves the page needs no stage in its process.
 *
 * <p>All topics are read on one thread of its own, and each stream is handed out to whoever listens; who does not keep up
 * misses elements. Memory is bounded by a handful of frames a camera and {@value #KEPT} events.
 */
public final class LivePicture implements Picture, Stage {
    /** Where kept pictures are found; may block. */
    @FunctionalInterface
    public interface Evidences {
        Optional<Evidence> get(DataRef ref) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LivePicture.class);
    private static final int KEPT = 200;
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Lookout lookout;
    private final Evidences evidences;
    private final Previews frames;
    private final Scheduler thread = Schedulers.newSingle("picture", true);
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final Sinks.Many<CameraView> cameras = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<FusedTick> fused = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<NodeTick> nodes = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<Event> events = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<SensorStatus> statuses = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<SiteView> sites = Sinks.many().multicast().directBestEffort();
    private final Sinks.Many<Depiction> depictions = Sinks.many().multicast().directBestEffort();
    private final Deque<Event> recentEvents = new ArrayDeque<>();
    private final Map<String, Depiction> recentDepictions = new LinkedHashMap<>();
    private final Map<String, SensorStatus> lastStatuses = new LinkedHashMap<>();
    private final Supplier<SystemFacts> system;
    private final Supplier<List<Readiness>> readiness;
    private final Commands commands;
    private volatile SiteView site;

    private final Pairing pairing = new Pairing();
    private final Settings settings;
    private volatile String trouble = "";

    LivePicture(
            Lookout lookout,
            Previews frames,
            Evidences evidences,
            SiteView site,
            Commands commands,
            Settings settings,
            Supplier<SystemFacts> system,
            Supplier<List<Readiness>> readiness) {
        this.lookout = lookout;
        this.evidences = evidences;
        this.site = site;
        this.commands = commands;
        this.settings = settings;
        this.system = system;
        this.readiness = readiness;
        this.frames = frames;
    }

    /** Begins to read. */
    public LivePicture start() {
        follow(frames.frames(), frame -> pairing.take(frame).ifPresent(cameras::tryEmitNext));
        follow(lookout.detections(), d -> pairing.take(d).ifPresent(cameras::tryEmitNext));
        follow(lookout.poses(), pairing::take);
        follow(lookout.masks(), pairing::take);
        follow(lookout.ticks().switchMap(this::shown), fused::tryEmitNext);
        follow(lookout.beliefs(), b -> nodes.tryEmitNext(new NodeTick(b.node(), b.tick(), b.tickNanos(), b.tracks())));
        follow(lookout.events(), this::keep);
        follow(lookout.pictures(), this::keep);
        follow(lookout.statuses(), this::keep);
        return this;
    }

    private <T> void follow(Flux<T> stream, java.util.function.Consumer<T> each) {
        subscriptions.add(stream.publishOn(thread, 64).subscribe(each, failure -> {
            trouble = "a stream of the page failed: " + failure.getMessage();
            LOG.warn("{}", trouble, failure);
        }));
    }

    /** A tick, and nobody once no further tick has told for a while who is there. */
    private Flux<FusedTick> shown(SceneTick tick) {
        List<Track> present = tick.tracks().stream()
                .filter(t -> t.phase() != Track.Phase.ENDED)
                .sorted(Comparator.comparing(Track::id))
                .toList();
        String digest = present.isEmpty() ? "" : present.getLast().receipt().digest();
        FusedTick now = new FusedTick(tick.tick(), tick.timeNanos(), present, digest, tick.origin());
        FusedTick nobody = new FusedTick(tick.tick(), tick.timeNanos(), List.of(), "", tick.origin());
        return Flux.just(now).concatWith(Mono.just(nobody).delayElement(QUIET));
    }

    private void keep(Event event) {
        synchronized (recentEvents) {
            recentEvents.addLast(event);
            if (recentEvents.size() > KEPT) {
                recentEvents.removeFirst();
            }
        }
        events.tryEmitNext(event);
    }

    private void keep(RenderResult r) {
        String id = r.event() + "|" + r.viewpoint() + "|" + r.depictor() + "|" + r.seed();
        Depiction depiction = new Depiction(
                id,
                r.event(),
                "",
                r.image(),
                r.viewpoint(),
                r.depictor(),
                r.progress(),
                Depiction.Verdict.valueOf(r.verdict().name()),
                r.score(),
                r.reason(),
                r.timeNanos(),
                r.origin());
        synchronized (recentDepictions) {
            recentDepictions.remove(id);
            recentDepictions.put(id, depiction);
            if (recentDepictions.size() > KEPT) {
                recentDepictions.remove(recentDepictions.keySet().iterator().next());
            }
        }
        depictions.tryEmitNext(depiction);
    }

    private void keep(SensorStatus status) {
        synchronized (lastStatuses) {
            lastStatuses.put(status.sensor(), status);
        }
        statuses.tryEmitNext(status);
    }

    /** Shows another roster, or the same with other zones. */
    public void show(SiteView changed) {
        site = changed;
        sites.tryEmitNext(changed);
    }

    @Override
    public SiteView site() {
        return site;
    }

    @Override
    public Flux<SiteView> sites() {
        return sites.asFlux();
    }

    @Override
    public Flux<CameraView> cameras() {
        return cameras.asFlux();
    }

    @Override
    public Flux<FusedTick> fused() {
        return fused.asFlux();
    }

    @Override
    public Flux<NodeTick> nodes() {
        return nodes.asFlux();
    }

    @Override
    public Flux<Event> events() {
        return events.asFlux();
    }

    @Override
    public List<Event> recentEvents() {
        synchronized (recentEvents) {
            return List.copyOf(recentEvents);
        }
    }

    @Override
    public Flux<SensorStatus> statuses() {
        return statuses.asFlux();
    }

    @Override
    public List<SensorStatus> lastStatuses() {
        synchronized (lastStatuses) {
            return List.copyOf(lastStatuses.values());
        }
    }

    @Override
    public Flux<Depiction> depictions() {
        return depictions.asFlux();
    }

    @Override
    public List<Depiction> recentDepictions() {
        synchronized (recentDepictions) {
            return List.copyOf(recentDepictions.values());
        }
    }

    @Override
    public SystemFacts system() {
        return system.get();
    }

    @Override
    public List<Readiness> readiness() {
        return readiness.get();
    }

    @Override
    public Mono<Optional<Blob>> blob(String reference) {
        return Mono.fromCallable(() -> evidences
                        .get(DataRef.parse(reference))
                        .map(e -> new Blob(e.label().contentType(), e.content())))
                .subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public Optional<Settings> settings() {
        return Optional.of(settings);
    }

    @Override
    public Commands commands() {
        return commands;
    }

    @Override
    public String name() {
        return "picture";
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        subscriptions.dispose();
        thread.dispose();
    }
}
