package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Event;
import sightline.config.domain.SensorStatus;

/**
 * Carries the picture to every open page. Values are encoded once, on this hub's own thread, and only when somebody asked
 * for their channel; publishers and event loops never wait for each other.
 */
final class LiveHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
    private static final String GOODBYE = "the server is shutting down";
    private static final int REMEMBERED_DEPARTURES = 20;

    /** A client that the server ended, and why. */
    record Departure(long id, String address, long timeNanos, String reason) {}

    private final Picture picture;
    private final WebSettings settings;
    private final InstantSource clock;
    private final Scheduler scheduler = Schedulers.newSingle("dashboard-encode", true);
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final Map<Long, LiveClient> clients = new ConcurrentHashMap<>();
    private final Deque<Departure> departures = new ArrayDeque<>();
    private final TrackHistory history = new TrackHistory();
    private final PageDelays delays = new PageDelays();
    private final PreviewPacer pacer;
    private final Conflating<String, CameraView> cameras = new Conflating<>(scheduler::schedule, this::camera);
    private final Conflating<String, FusedTick> fused = new Conflating<>(scheduler::schedule, this::tick);
    private final Conflating<String, NodeTick> nodes = new Conflating<>(scheduler::schedule, this::node);
    private final Conflating<String, SensorStatus> statuses = new Conflating<>(scheduler::schedule, this::status);

    LiveHub(Picture picture, WebSettings settings, InstantSource clock) {
        this.picture = picture;
        this.settings = settings;
        this.clock = clock;
        this.pacer = new PreviewPacer(settings.previewInterval());
    }

    void start() {
        follow("cameras", picture.cameras(), view -> {
            if (anyWantsCamera(view.camera())) {
                cameras.offer(view.camera(), view);
            }
        });
        follow("fused", picture.fused(), tick -> fused.offer("tick", tick));
        follow("nodes", picture.nodes(), tick -> {
            if (anyWants("node")) {
                nodes.offer(tick.node(), tick);
            }
        });
        follow("statuses", picture.statuses(), status -> statuses.offer(status.sensor(), status));
        follow("events", picture.events(), event -> control(() -> EventJson.event(event)));
        follow("depictions", picture.depictions(), made -> control(() -> EventJson.depiction(made)));
        follow("sites", picture.sites(), site -> control(() -> SiteJson.encode(site)));
        subscriptions.add(scheduler.schedulePeriodically(this::second, 1, 1, java.util.concurrent.TimeUnit.SECONDS));
    }

    private <T> void follow(String what, Flux<T> stream, Consumer<T> handler) {
        subscriptions.add(stream.subscribe(
                handler,
                failure -> LOG.error("the dashboard's view of {} has ended", what, failure),
                () -> LOG.debug("no more {}", what)));
    }

    /** Control goes to everybody, in order, whatever else is going on. */
    private void control(java.util.function.Supplier<Buffer> encode) {
        scheduler.schedule(() -> {
            Message message = Message.control(encode.get());
            clients.values().forEach(client -> client.offer(message));
        });
    }

    private void camera(String name, CameraView view) {
        if (pacer.mayShow(name, view.frame().header().time().exposureNanos())) {
            var message = new Message("camera", "camera/" + name, true, CameraFrame.encode(view, now()));
            for (LiveClient client : clients.values()) {
                if (client.wantsCamera(name)) {
                    client.offer(message);
                }
            }
        }
    }

    private void tick(String slot, FusedTick tick) {
        history.add(tick);
        data("tick", slot, () -> TrackJson.fused(tick, now()));
    }

    private void node(String node, NodeTick tick) {
        data("node", "node/" + node, () -> TrackJson.node(tick));
    }

    private void status(String sensor, SensorStatus status) {
        data("status", "status/" + sensor, () -> EventJson.status(status));
    }

    private void second() {
        try {
            clients.values()
                    .forEach(client -> client.check(settings.stallTimeout().toNanos()));
            data("system", "system", this::system);
        } catch (RuntimeException e) {
            LOG.error("the dashboard could not tell the figures of the system", e);
        }
    }

    /** The system's figures with the dashboard's own. */
    Buffer system() {
        SystemFacts facts = picture.system();
        return Json.object(json -> {
            json.put("t", "system").millis("time", now());
            SystemJson.fields(json, facts);
            json.object("page", page -> SystemJson.latency(page, delays.snapshot()))
                    .list("readiness", picture.readiness(), (r, stage) -> r.put("stage", stage.stage())
                            .put("ready", stage.ready())
                            .put("why", stage.why()))
                    .list("clients", clients.values(), (c, client) -> c.put("id", client.id)
                            .put("address", client.address)
                            .millis("since", client.sinceNanos)
                            .put("sent", client.sent())
                            .put("superseded", client.superseded()))
                    .list("departures", departures(), (d, gone) -> d.put("id", gone.id())
                            .put("address", gone.address())
                            .millis("time", gone.timeNanos())
                            .put("reason", gone.reason()));
        });
    }

    private void data(String channel, String slot, java.util.function.Supplier<Buffer> encode) {
        if (anyWants(channel)) {
            var message = new Message(channel, slot, false, encode.get());
            for (LiveClient client : clients.values()) {
                if (client.wants(channel)) {
                    client.offer(message);
                }
            }
        }
    }

    /** Takes a client in and tells it everything that it needs to start. */
    void join(LiveClient client) {
        clients.put(client.id, client);
        scheduler.schedule(() -> greet(client));
    }

    private void greet(LiveClient client) {
        client.offer(Message.control(Json.object(json -> json.put("t", "hello")
                .millis("now", now())
                .put("client", client.id)
                .list("statuses", picture.lastStatuses(), EventJson::fields))));
        client.offer(Message.control(SiteJson.encode(picture.site())));
        client.offer(Message.control(Json.object(
                json -> json.put("t", "events").list("events", tail(picture.recentEvents()), EventJson::fields))));
        client.offer(Message.control(Json.object(json ->
                json.put("t", "depictions").list("depictions", tail(picture.recentDepictions()), EventJson::fields))));
        client.offer(Message.control(history.trails()));
    }

    private static <T> List<T> tail(List<T> all) {
        return all.subList(Math.max(0, all.size() - 200), all.size());
    }

    void leave(LiveClient client) {
        clients.remove(client.id);
        if (!client.reason().isEmpty() && !client.reason().equals(GOODBYE)) {
            LOG.warn("page {} at {} was disconnected: {}", client.id, client.address, client.reason());
            synchronized (departures) {
                departures.addLast(new Departure(client.id, client.address, now(), client.reason()));
                if (departures.size() > REMEMBERED_DEPARTURES) {
                    departures.removeFirst();
                }
            }
        }
    }

    private List<Departure> departures() {
        synchronized (departures) {
            return new ArrayList<>(departures);
        }
    }

    Collection<LiveClient> clients() {
        return clients.values();
    }

    TrackHistory history() {
        return history;
    }

    PageDelays delays() {
        return delays;
    }

    /** An event that is still known. */
    java.util.Optional<Event> event(String id) {
        return picture.recentEvents().stream().filter(e -> e.id().equals(id)).findFirst();
    }

    long now() {
        var instant = clock.instant();
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    private boolean anyWants(String channel) {
        return clients.values().stream().anyMatch(client -> client.wants(channel));
    }

    private boolean anyWantsCamera(String camera) {
        return clients.values().stream().anyMatch(client -> client.wantsCamera(camera));
    }

    @Override
    public void close() {
        subscriptions.dispose();
        clients.values().forEach(client -> client.disconnect(GOODBYE));
        scheduler.dispose();
    }
}
