package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
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
import sightline.operators.depict.SchematicDepictor;
import sightline.sensors.geometry.CameraModel;

/**
 * Asks for a picture of every event, and of any event again from another viewpoint. Keeps the fused ticks of the last
 * seconds, so that a brief shows bystanders as well as those involved.
 */
public final class Briefing implements Stage {
    private static final int EVENTS_KEPT = 500;
    private static final long TICKS_KEPT = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;

    private final Bus bus;
    private final Supplier<Site> site;
    private final Scheduler thread = Schedulers.newSingle("briefing", true);
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final Map<Long, List<Track>> ticks = new LinkedHashMap<>();
    private final Deque<Brief> briefs = new ArrayDeque<>();

    private Briefing(Bus bus, Lookout lookout, Supplier<Site> site) {
        this.bus = bus;
        this.site = site;
        subscriptions.add(lookout.tracks().publishOn(thread).subscribe(this::remember));
        subscriptions.add(bus.sink()
                .send(lookout.events()
                        .publishOn(thread)
                        .map(this::brief)
                        .map(brief -> request(brief, 0))
                        .map(Briefing::record))
                .subscribe());
    }

    static Briefing start(Bus bus, Lookout lookout, Supplier<Site> site) {
        return new Briefing(bus, lookout, site);
    }

    private void remember(Track track) {
        ticks.computeIfAbsent(track.tick(), t -> new ArrayList<>()).add(track);
        ticks.keySet().removeIf(t -> t < track.tick() - TICKS_KEPT);
    }

    private Brief brief(Event event) {
        long tick = event.tracks().isEmpty() ? -1 : event.tracks().getFirst().tick();
        BriefWriter writer = new BriefWriter(site.get());
        Brief brief = writer.write(event, ticks.getOrDefault(tick, List.of()), writer.above(event));
        synchronized (briefs) {
            briefs.addLast(brief);
            if (briefs.size() > EVENTS_KEPT) {
                briefs.removeFirst();
            }
        }
        return brief;
    }

    private RenderRequest request(Brief brief, int priority) {
        return new RenderRequest(
                brief,
                SchematicDepictor.NAME,
                0,
                1000,
                bus.time().nanos() + PATIENCE.toNanos(),
                priority,
                WIDTH,
                HEIGHT,
                brief.origin());
    }

    /**
     * Somebody asks to see an event from elsewhere.
     *
     * @return id of the request; an {@link IllegalArgumentException} names what is not known
     */
    public Mono<String> depict(String event, String viewpoint) {
        return Mono.defer(() -> {
            Brief brief = known(event)
                    .orElseThrow(() -> new IllegalArgumentException("event " + event + " is not known any more"));
            RenderRequest request = request(brief.withViewpoint(from(viewpoint, brief)), 10);
            return bus.sink().send(record(request)).thenReturn(request.id());
        });
    }

    private Optional<Brief> known(String event) {
        synchronized (briefs) {
            return briefs.stream().filter(b -> b.event().equals(event)).findFirst();
        }
    }

    private Viewpoint from(String viewpoint, Brief brief) {
        if (viewpoint.isEmpty() || viewpoint.equals("above")) {
            return brief.viewpoint();
        }
        double east = brief.viewpoint().east();
        double north = brief.viewpoint().north();
        if (viewpoint.equals("street")) {
            return Viewpoint.towards("street", east - 7, north - 6, 1.7, east, north);
        }
        SensorSpec camera = site.get()
                .sensor(viewpoint)
                .filter(s -> s.calibration().isPresent())
                .orElseThrow(() -> new IllegalArgumentException(
                        "viewpoint " + viewpoint + " is neither above, street nor a calibrated camera"));
        var centre = CameraModel.of(camera.calibration().get()).center();
        return Viewpoint.towards(camera.name(), centre.east(), centre.north(), centre.up(), east, north);
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
