package sightline.pipeline.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import sightline.config.domain.Contribution;
import sightline.config.domain.Event;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.Receipt;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.domain.TrackBelief;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsRegistry;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.site.Zone;
import sightline.operators.rules.Evidence;
import sightline.operators.rules.RuleEngine;
import sightline.operators.rules.RuleSettings;

/** A pipeline made of arithmetic: a seeded crowd on the plaza, moved on by {@link #step}. */
class FakePicture implements Picture, Commands {
    final Sinks.Many<SiteView> sites = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<CameraView> cameras = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<FusedTick> fused = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<NodeTick> nodes = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<Event> events = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<SensorStatus> statuses = Sinks.many().multicast().directBestEffort();
    final Sinks.Many<Depiction> depictions = Sinks.many().multicast().directBestEffort();
    final List<Event> raised = new CopyOnWriteArrayList<>();
    final List<Depiction> made = new CopyOnWriteArrayList<>();
    volatile boolean depicts = true;
    final List<String> commands = new CopyOnWriteArrayList<>();
    final Set<String> removed = ConcurrentHashMap.newKeySet();
    volatile List<Readiness> unready = List.of();
    volatile boolean boxesOnly;
    private static final List<Contribution.Status> STATUSES = List.of(Contribution.Status.values());

    private final FakeFacts facts = new FakeFacts();
    private final Crowd crowd;
    private volatile Site site = Plaza.site();
    private final RuleEngine rules = new RuleEngine(site, RuleSettings.defaults(site), Evidence.NONE);
    private long tick;

    FakePicture(long seed, int people) {
        crowd = new Crowd(seed, people);
    }

    /** Moves on by one tick of 100 ms: everything that a pipeline would emit. */
    synchronized void step(long nowNanos) {
        tick++;
        List<Crowd.Person> people = crowd.at(tick / 10.0);
        List<Track> tracks = people.stream().map(p -> track(p, nowNanos)).toList();
        fused.tryEmitNext(
                new FusedTick(tick, nowNanos, tracks, "%016x".formatted(tick * 0x9e3779b97f4a7c15L), Origin.SIMULATED));
        for (int k = 0; k < site.nodes().size(); k++) {
            nodes.tryEmitNext(node(site.nodes().get(k), k, people, nowNanos));
        }
        cameraNames().filter(c -> !removed.contains(c)).forEach(name -> {
            SensorSpec sensor = site.sensor(name).orElseThrow();
            facts.frame(name, tick % 7 == 0);
            if (tick % 2 == 0) {
                CameraView view = Studio.shoot(sensor, people, nowNanos, tick);
                cameras.tryEmitNext(
                        boxesOnly
                                ? new CameraView(view.frame(), view.detections(), Optional.empty(), Optional.empty())
                                : view);
            }
        });
        if (tick % 10 == 0) {
            lastStatuses().forEach(statuses::tryEmitNext);
        }
        rules.onTick(tick, nowNanos, tracks).forEach(event -> {
            raised.add(event);
            events.tryEmitNext(event);
        });
    }

    synchronized long ticks() {
        return tick;
    }

    private Stream<String> cameraNames() {
        return site.sensors().stream()
                .filter(s -> s.kind() == SensorSpec.Kind.CAMERA)
                .map(SensorSpec::name);
    }

    private Track track(Crowd.Person p, long now) {
        double turn = p.number() * 0.7 + tick * 0.01;
        double major = 0.06 + 0.03 * (p.number() % 5);
        double minor = 0.03;
        double c = Math.cos(turn);
        double s = Math.sin(turn);
        double[] covariance = new double[16];
        covariance[0] = major * c * c + minor * s * s;
        covariance[5] = major * s * s + minor * c * c;
        covariance[1] = (major - minor) * s * c;
        covariance[4] = covariance[1];
        covariance[10] = 0.1;
        covariance[15] = 0.1;
        double absence = Math.max(0.02, Math.min(1, 0.25 + 0.6 * Math.sin(tick * 0.02 + p.number() * 1.3)));
        return new Track(
                "plaza",
                "plaza/" + site.nodes().get(p.number() % 3) + "/1." + (p.number() + 1),
                tick,
                now,
                new double[] {p.east(), p.north(), p.velocityEast(), p.velocityNorth()},
                covariance,
                1,
                absence,
                p.number() == 4 ? ObjectClass.BICYCLE : ObjectClass.PERSON,
                absence > 0.8 ? Track.Phase.COASTING : Track.Phase.CONFIRMED,
                receipt(now),
                Origin.SIMULATED);
    }

    private Receipt receipt(long now) {
        List<Contribution> lines = new ArrayList<>();
        int i = 0;
        for (SensorSpec sensor : site.sensors()) {
            Contribution.Status status = STATUSES.get(i++ % 4);
            lines.add(new Contribution(
                    sensor.name(),
                    sensor.node(),
                    tick,
                    now - 40_000_000L * i,
                    status,
                    status == Contribution.Status.EXCLUDED ? "exposed after the late window" : "",
                    sensor.kind() == SensorSpec.Kind.CAMERA ? "simulated" : "",
                    sensor.calibration().map(c -> c.version()).orElse("")));
        }
        return new Receipt(
                lines, List.of("west", "east"), List.of("gate"), "%016x".formatted(tick * 0x9e3779b97f4a7c15L));
    }

    private NodeTick node(String name, int k, List<Crowd.Person> people, long now) {
        List<TrackBelief> beliefs = people.stream()
                .filter(p -> k == 2 || (p.east() < Plaza.EAST / 2 + 3) == (k == 0))
                .map(p -> new TrackBelief(
                        "plaza/" + site.nodes().get(p.number() % 3) + "/1." + (p.number() + 1),
                        1,
                        0.2 + 0.2 * k,
                        List.of(new GaussianTerm(
                                0,
                                new double[] {
                                    p.east() + 0.3 * Math.sin(tick * 0.1 + k),
                                    p.north() + 0.3 * Math.cos(tick * 0.13 + k),
                                    p.velocityEast(),
                                    p.velocityNorth()
                                },
                                new double[] {0.2 + 0.1 * k, 0.05, 0, 0, 0.05, 0.3, 0, 0, 0, 0, 0.3, 0, 0, 0, 0, 0.3})),
                        ObjectClass.PERSON))
                .toList();
        return new NodeTick(name, tick, now, beliefs);
    }

    @Override
    public SiteView site() {
        return SiteView.of(site);
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
        return raised;
    }

    @Override
    public Flux<SensorStatus> statuses() {
        return statuses.asFlux();
    }

    @Override
    public List<SensorStatus> lastStatuses() {
        return site.sensors().stream().map(this::status).toList();
    }

    private SensorStatus status(SensorSpec sensor) {
        boolean gone = removed.contains(sensor.name());
        return new SensorStatus(
                sensor.name(),
                gone ? SensorStatus.State.REMOVED : SensorStatus.State.LIVE,
                tick * 100_000_000L,
                gone ? 0 : 10,
                "simulator",
                500_000,
                gone ? "removed from the page" : "",
                Origin.SIMULATED);
    }

    @Override
    public Flux<Depiction> depictions() {
        return depictions.asFlux();
    }

    @Override
    public List<Depiction> recentDepictions() {
        return made;
    }

    @Override
    public SystemFacts system() {
        return facts.now();
    }

    @Override
    public List<Readiness> readiness() {
        return unready.isEmpty()
                ? List.of(new Readiness("sources", true, ""), new Readiness("fusion", true, ""))
                : unready;
    }

    @Override
    public Mono<Optional<Blob>> blob(String reference) {
        return Mono.just(Optional.empty());
    }

    @Override
    public Optional<Settings> settings() {
        return Optional.of(
                SettingsRegistry.builder().group(WebKeys.GROUP).build().defaults());
    }

    @Override
    public Commands commands() {
        return this;
    }

    /** Runs a command when it is subscribed to, never beside a step. */
    private Mono<Void> guarded(Runnable command) {
        return Mono.fromRunnable(() -> {
            synchronized (this) {
                command.run();
            }
        });
    }

    @Override
    public Mono<Void> putZone(Zone zone) {
        return guarded(() -> {
            commands.add("put " + zone.name());
            List<Zone> zones = new ArrayList<>(site.zones());
            zones.removeIf(z -> z.name().equals(zone.name()));
            zones.add(zone);
            site = site.withZones(zones);
            rules.reload(site, RuleSettings.defaults(site));
            sites.tryEmitNext(site());
        });
    }

    @Override
    public Mono<Void> removeZone(String name) {
        return guarded(() -> {
            List<Zone> zones = new ArrayList<>(site.zones());
            if (!zones.removeIf(z -> z.name().equals(name))) {
                throw new IllegalArgumentException("there is no zone " + name);
            }
            commands.add("remove " + name);
            site = site.withZones(zones);
            rules.reload(site, RuleSettings.defaults(site));
            sites.tryEmitNext(site());
        });
    }

    @Override
    public Mono<Void> addCamera(String name, String source) {
        return guarded(() -> {
            commands.add(("add " + name + " " + source).strip());
            removed.remove(name);
            site.sensor(name).ifPresent(s -> statuses.tryEmitNext(status(s)));
        });
    }

    @Override
    public Mono<Void> removeCamera(String name) {
        return guarded(() -> {
            SensorSpec sensor =
                    site.sensor(name).orElseThrow(() -> new IllegalArgumentException("there is no camera " + name));
            commands.add("drop " + name);
            removed.add(name);
            statuses.tryEmitNext(status(sensor));
        });
    }

    @Override
    public Mono<String> depict(String event, String whatIf, String viewpoint) {
        commands.add("depict " + event + " " + whatIf);
        return depicts ? Mono.just(event) : Mono.error(new IllegalArgumentException("no depictor is configured"));
    }
}
