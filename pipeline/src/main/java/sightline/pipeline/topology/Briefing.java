package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Brief;
import sightline.config.domain.Event;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.Track;
import sightline.config.domain.Viewpoint;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.depict.BriefWriter;
import sightline.operators.depict.SceneDepictor;
import sightline.operators.depict.SchematicDepictor;
import sightline.operators.depict.SequenceDepictor;
import sightline.operators.depict.Viewpoints;
import sightline.sensors.geometry.CameraModel;

/**
 * Asks for a picture of every event, and for better ones when somebody opens it or wants another viewpoint. Keeps the fused ticks of the last
 * seconds, so that a brief shows bystanders as well as those involved.
 */
public final class Briefing implements Stage {
    private static final int EVENTS_KEPT = 500;
    private static final long TICKS_KEPT = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final long BUDGET_MILLIS = 10_000;
    private static final int ASKED = 10;
    private static final Viewpoint NOWHERE = Viewpoint.above(0, 0, 10);
    private static final Set<Event.Kind> SERIOUS =
            Set.of(Event.Kind.FALL, Event.Kind.NEAR_MISS, Event.Kind.CROWDING, Event.Kind.LOITERING);

    private final Bus bus;
    private final Supplier<Site> site;
    private final Scheduler thread = Schedulers.newSingle("briefing", true);
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final Map<Long, List<Track>> ticks = new LinkedHashMap<>();
    private final Deque<Brief> briefs = new ArrayDeque<>();

    private Briefing(Bus bus, Lookout lookout, Supplier<Site> site) {
        this.bus = bus;
        this.site = site;
        subscriptions.add(lookout.ticks().publishOn(thread).subscribe(this::remember));
        subscriptions.add(bus.sink()
                .send(lookout.events()
                        .publishOn(thread)
                        .map(this::brief)
                        .concatMap(this::unasked)
                        .map(Briefing::record))
                .subscribe());
    }

    static Briefing start(Bus bus, Lookout lookout, Supplier<Site> site) {
        return new Briefing(bus, lookout, site);
    }

    private void remember(SceneTick tick) {
        ticks.put(tick.tick(), tick.tracks());
        ticks.keySet().removeIf(t -> t < tick.tick() - TICKS_KEPT);
    }

    private Brief brief(Event event) {
        long tick = event.tracks().isEmpty() ? -1 : event.tracks().getFirst().tick();
        BriefWriter writer = new BriefWriter(site.get());
        // Who plays in a drill is no bystander of what really happens.
        List<Track> bystanders = ticks.getOrDefault(tick, List.of()).stream()
                .filter(t -> t.origin().mayAlarm() || !event.origin().mayAlarm())
                .toList();
        Brief plain = writer.write(event, bystanders, NOWHERE);
        Brief brief = plain.withViewpoint(nearest(plain));
        synchronized (briefs) {
            briefs.addLast(brief);
            if (briefs.size() > EVENTS_KEPT) {
                briefs.removeFirst();
            }
        }
        return brief;
    }

    /** As the nearest camera sees it, zoomed in; from the street where there is no camera. */
    private Viewpoint nearest(Brief brief) {
        Viewpoint street = Viewpoints.street(brief);
        Viewpoint above = Viewpoints.above(brief);
        return site.get().sensors().stream()
                .filter(s -> s.calibration().isPresent())
                .min(Comparator.comparingDouble(s -> Math.hypot(s.east() - above.east(), s.north() - above.north())))
                .map(s -> from(s, brief))
                .orElse(street);
    }

    private static Viewpoint from(SensorSpec camera, Brief brief) {
        var centre = CameraModel.of(camera.calibration().orElseThrow()).center();
        return Viewpoints.framing(brief, camera.name(), centre.east(), centre.north(), centre.up());
    }

    /** What is serious is drawn before anybody asks. */
    private Flux<RenderRequest> unasked(Brief brief) {
        RenderRequest schematic = request(brief, SchematicDepictor.NAME, 0);
        return SERIOUS.contains(brief.kind())
                ? Flux.just(
                        schematic,
                        request(brief, SceneDepictor.NAME, 1),
                        request(brief.withViewpoint(Viewpoints.above(brief)), SequenceDepictor.NAME, 0))
                : Flux.just(schematic);
    }

    private RenderRequest request(Brief brief, String depictor, int priority) {
        return new RenderRequest(
                brief,
                depictor,
                0,
                BUDGET_MILLIS,
                bus.time().nanos() + PATIENCE.toNanos(),
                priority,
                WIDTH,
                HEIGHT,
                brief.origin());
    }

    /**
     * Somebody opens an event, or asks to see it from elsewhere: its schematic at once, a scene and, from above, a sequence.
     *
     * @param viewpoint {@code above}, {@code street} or a calibrated camera; empty for the nearest camera
     * @return id of the request for the scene; an {@link IllegalArgumentException} names what is not known
     */
    public Mono<String> depict(String event, String viewpoint) {
        return Mono.defer(() -> {
            Brief brief = known(event)
                    .orElseThrow(() -> new IllegalArgumentException("event " + event + " is not known any more"));
            Brief seen = brief.withViewpoint(from(viewpoint, brief));
            // Nothing can be read back from straight above, so what is seen from there is a schematic.
            boolean above = seen.viewpoint().name().equals("above");
            RenderRequest still = request(seen, above ? SchematicDepictor.NAME : SceneDepictor.NAME, ASKED);
            RenderRequest moving =
                    request(brief.withViewpoint(Viewpoints.above(brief)), SequenceDepictor.NAME, ASKED - 1);
            return bus.sink()
                    .send(Flux.just(
                            record(request(brief, SchematicDepictor.NAME, ASKED + 1)), record(still), record(moving)))
                    .then()
                    .thenReturn(still.id());
        });
    }

    private Optional<Brief> known(String event) {
        synchronized (briefs) {
            return briefs.stream().filter(b -> b.event().equals(event)).findFirst();
        }
    }

    private Viewpoint from(String viewpoint, Brief brief) {
        return switch (viewpoint) {
            case "" -> brief.viewpoint();
            case "above" -> Viewpoints.above(brief);
            case "street" -> Viewpoints.street(brief);
            default ->
                site.get()
                        .sensor(viewpoint)
                        .filter(s -> s.calibration().isPresent())
                        .map(s -> from(s, brief))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "viewpoint " + viewpoint + " is neither above, street nor a calibrated camera"));
        };
    }

    private static sightline.sensors.kafka.Outbound record(RenderRequest request) {
        return Bus.message(
                Topics.RENDER_REQUEST,
                Codecs.RENDER_REQUEST,
                request.brief().event(),
                request.brief().timeNanos(),
                request);
    }

    @Override
    public String name() {
        return "briefing";
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public void close() {
        subscriptions.dispose();
        thread.dispose();
    }
}
