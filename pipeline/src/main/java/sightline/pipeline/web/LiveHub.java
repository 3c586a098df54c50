package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Event;
import sightline.config.domain.SensorStatus;
import sightline.config.time.TimeSource;
import sightline.pipeline.metrics.PipelineMetrics;
import sightline.pipeline.metrics.StageLatency;

/**
 * Carries the picture to every open page. Values are encoded once, on this hub's own thread, and only when somebody asked
 * for their channel; publishers and event loops never wait for each other.
 */
final class LiveHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveHub.class);
    private static final int MOST_PAINTED_A_REPORT = 64;
    private static final String GOODBYE = "the server is shutting down";
    private static final int REMEMBERED_DEPARTURES = 20;

    /** A client that the server ended, and why. */
    record Departure(long id, String address, long timeNanos, String reason) {}

    private final Picture picture;
    private final WebSettings settings;
    private final PipelineMetrics metrics;
    private final TimeSource time;
    private final Scheduler scheduler = Schedulers.newSingle("dashboard-encode", true);
    private final Disposable.Composite subscriptions = Disposables.composite();
    private final Map<Long, LiveClient> clients = new ConcurrentHashMap<>();
    private final Deque<Departure> departures = new ArrayDeque<>();
    private final TrackHistory history = new TrackHistory();
    private final PreviewPacer pacer;
    private volatile FusedTick newest;
    private final Conflating<String, CameraView> cameras = new Conflating<>(scheduler::schedule, this::camera);
    private final Conflating<String, FusedTick> fused = new Conflating<>(scheduler::schedule, this::tick);
    private final Conflating<String, NodeTick> nodes = new Conflating<>(scheduler::schedule, this::node);
    private final Conflating<String, SensorStatus> statuses = new Conflating<>(scheduler::schedule, this::status);

    LiveHub(Picture picture, WebSettings settings, PipelineMetrics metrics, TimeSource time) {
        this.picture = picture;
        this.settings = settings;
        this.metrics = metrics;
        this.time = time;
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
        follow("events", picture.events(), event -> {
            metrics.event(event);
            control(() -> EventJson.event(event));
        });
        follow("depictions", picture.depictions(), made -> control(() -> EventJson.depiction(made)));
        follow("sites", picture.sites(), site -> control(() -> SiteJson.encode(site)));
        subscriptions.add(scheduler.schedulePeriodically(this::second, 1, 1, TimeUnit.SECONDS));
    }

    private <T> void follow(String what, Flux<T> stream, Consumer<T> handler) {
        subscriptions.add(stream.subscribe(
                handler,
                failure -> LOG.error("the dashboard's view of {} has ended", what, failure),
                () -> LOG.debug("no more {}", what)));
    }

    /** Control goes to everybody, in order, whatever else is going on. */
    private void control(Supplier<Buffer> encode) {
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
        newest = tick;
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
            json.object("page", page -> SystemJson.latency(page, metrics.latency(StageLatency.EXPOSURE_TO_PAGE)))
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

    /** The scrape, with what others count taken over first. */
    PipelineMetrics.Scrape scrape(String accept) {
        SystemFacts facts = picture.system();
        metrics.publish(facts.ledger(), facts.lags(), facts.memory());
        metrics.sensors(picture.lastStatuses());
        FusedTick tick = newest;
        metrics.tracks(tick == null ? List.of() : tick.tracks());
        return metrics.scrape(accept);
    }

    private void data(String channel, String slot, Supplier<Buffer> encode) {
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
        metrics.pages(clients.size());
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
        if (clients.remove(client.id) == null) {
            return;
        }
        metrics.pages(clients.size());
        if (!client.reason().isEmpty() && !client.reason().equals(GOODBYE)) {
            metrics.pageDisconnected();
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

    /**
     * A page tells how long after their exposure it painted ticks, by the server's clock (it estimates its offset from the
     * round trip of a ping).
     */
    void painted(JsonArray millis) {
        for (int i = 0; i < Math.min(millis.size(), MOST_PAINTED_A_REPORT); i++) {
            if (millis.getValue(i) instanceof Number n && n.doubleValue() >= 0 && n.doubleValue() < 60_000) {
                metrics.latency(StageLatency.EXPOSURE_TO_PAGE, (long) (n.doubleValue() * 1e6), "");
            }
        }
    }

    /** An event that is still known. */
    Optional<Event> event(String id) {
        return picture.recentEvents().stream().filter(e -> e.id().equals(id)).findFirst();
    }

    long now() {
        return time.nanos();
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
