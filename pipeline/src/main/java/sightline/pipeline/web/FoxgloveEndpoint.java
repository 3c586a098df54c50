package sightline.pipeline.web;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.site.Projection.Pinhole;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;

/**
 * {@code /foxglove}: the pipeline as a Foxglove data source, so that its panels open the pipeline as it is. Speaks the
 * subprotocols {@code foxglove.websocket.v1} and {@code foxglove.sdk.v1}, which share the operations used here; messages
 * are JSON with JSON schemas. Encodes a message once, and only while somebody subscribes to its channel.
 *
 * <p>The same rules hold as for the page: data is lossy a client, and a client that takes nothing is disconnected with a
 * reason.
 */
final class FoxgloveEndpoint implements AutoCloseable {
    static final List<String> SUBPROTOCOLS = List.of("foxglove.sdk.v1", "foxglove.websocket.v1");

    private static final int DATA_HEADER = 13;
    private static final byte MESSAGE_DATA = 1;

    /** A client and the subscription that it gave to each channel. */
    private record Viewer(LiveClient client, Map<Integer, Long> subscriptions) {}

    private final Picture picture;
    private final WebSettings settings;
    private final TimeSource time;
    private final Scheduler scheduler = Schedulers.newSingle("foxglove-encode", true);
    private final Disposable.Composite streams = Disposables.composite();
    private final Map<Long, Viewer> viewers = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final List<FoxgloveChannel> channels;
    private final Map<String, Integer> byTopic = new ConcurrentHashMap<>();
    private final Conflating<String, CameraView> cameras = new Conflating<>(scheduler::schedule, this::camera);
    private final Conflating<String, FusedTick> ticks = new Conflating<>(scheduler::schedule, this::tick);

    FoxgloveEndpoint(Picture picture, WebSettings settings, TimeSource time) {
        this.picture = picture;
        this.settings = settings;
        this.time = time;
        channels = FoxgloveChannel.of(picture.site().site());
        channels.forEach(channel -> byTopic.put(channel.topic(), channel.id()));
    }

    void start() {
        streams.add(picture.cameras().subscribe(view -> ifAny(() -> cameras.offer(view.camera(), view)), e -> {}));
        streams.add(picture.fused().subscribe(tick -> ifAny(() -> ticks.offer("tick", tick)), e -> {}));
        streams.add(picture.events()
                .subscribe(
                        event -> ifAny(() -> scheduler.schedule(
                                () -> send(FoxgloveChannel.EVENTS, event.timeNanos(), () -> FoxgloveJson.log(event)))),
                        e -> {}));
        streams.add(picture.statuses()
                .subscribe(
                        status -> ifAny(() -> scheduler.schedule(() ->
                                send(FoxgloveChannel.SENSORS, status.timeNanos(), () -> FoxgloveJson.log(status)))),
                        e -> {}));
        streams.add(picture.sites()
                .subscribe(
                        site -> ifAny(() -> scheduler.schedule(() -> send(
                                FoxgloveChannel.ZONES,
                                time.nanos(),
                                () -> FoxgloveScene.zones(site.site().zones(), time.nanos())))),
                        e -> {}));
        streams.add(scheduler.schedulePeriodically(
                () -> viewers.values()
                        .forEach(v -> v.client().check(settings.stallTimeout().toNanos())),
                1,
                1,
                java.util.concurrent.TimeUnit.SECONDS));
    }

    private void ifAny(Runnable action) {
        if (!viewers.isEmpty()) {
            action.run();
        }
    }

    void handle(RoutingContext context) {
        HttpConnection connection = context.request().connection();
        Context loop = Vertx.currentContext();
        context.request()
                .toWebSocket()
                .onSuccess(socket -> open(socket, connection, loop))
                .onFailure(context::fail);
    }

    private void open(ServerWebSocket socket, HttpConnection connection, Context loop) {
        if (viewers.size() >= settings.maxClients()) {
            socket.close((short) 1013, "too many viewers are open (web.max-clients " + settings.maxClients() + ")");
            return;
        }
        var client = new LiveClient(
                ids.incrementAndGet(),
                socket,
                connection,
                loop,
                settings,
                System::nanoTime,
                time.nanos(),
                gone -> viewers.remove(gone.id));
        var viewer = new Viewer(client, new ConcurrentHashMap<>());
        viewers.put(client.id, viewer);
        socket.closeHandler(closed -> viewers.remove(client.id));
        socket.exceptionHandler(failure -> socket.close());
        socket.textMessageHandler(text -> receive(viewer, text));
        Site site = picture.site().site();
        client.offer(Message.control(Json.object(json -> json.put("op", "serverInfo")
                .put("name", "Sightline " + site.scene())
                .strings("capabilities", List.of())
                .strings("supportedEncodings", List.of())
                .object("metadata", m -> {})
                .put("sessionId", Long.toString(client.sinceNanos)))));
        client.offer(Message.control(Json.object(
                json -> json.put("op", "advertise").list("channels", channels, (c, channel) -> c.put("id", channel.id())
                        .put("topic", channel.topic())
                        .put("encoding", "json")
                        .put("schemaName", channel.schemaName())
                        .put("schemaEncoding", "jsonschema")
                        .put("schema", channel.schema())))));
    }

    private void receive(Viewer viewer, String text) {
        try {
            JsonObject message = new JsonObject(text);
            switch (message.getString("op", "")) {
                case "subscribe" -> subscribe(viewer, message.getJsonArray("subscriptions"));
                case "unsubscribe" -> {
                    JsonArray gone = message.getJsonArray("subscriptionIds");
                    for (int i = 0; i < gone.size(); i++) {
                        long id = gone.getLong(i);
                        viewer.subscriptions().values().removeIf(s -> s == id);
                    }
                }
                default -> status(viewer, "this server does not do " + message.getString("op"));
            }
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            viewer.client().disconnect("it sent something that is not a message");
        }
    }

    private void subscribe(Viewer viewer, JsonArray subscriptions) {
        for (int i = 0; i < subscriptions.size(); i++) {
            JsonObject one = subscriptions.getJsonObject(i);
            int channel = one.getInteger("channelId");
            if (channel < 1 || channel > channels.size()) {
                status(viewer, "there is no channel " + channel);
            } else {
                viewer.subscriptions().put(channel, one.getLong("id"));
                scheduler.schedule(() -> standing(viewer, channels.get(channel - 1)));
            }
        }
    }

    private static void status(Viewer viewer, String why) {
        viewer.client()
                .offer(Message.control(Json.object(
                        json -> json.put("op", "status").put("level", 1).put("message", why))));
    }

    /** What does not change from tick to tick is told when it is asked for. */
    private void standing(Viewer viewer, FoxgloveChannel channel) {
        Site site = picture.site().site();
        long now = time.nanos();
        if (channel.topic().equals(FoxgloveChannel.ZONES)) {
            deliver(viewer, channel.id(), now, FoxgloveScene.zones(site.zones(), now));
        }
        for (SensorSpec sensor : site.sensors()) {
            sensor.calibration().ifPresent(calibration -> {
                if (calibration.projection() instanceof Pinhole pinhole) {
                    if (channel.topic().equals(FoxgloveChannel.calibration(sensor.name()))) {
                        deliver(viewer, channel.id(), now, FoxgloveScene.calibration(calibration, pinhole, now));
                    } else if (channel.topic().equals(FoxgloveChannel.transform(sensor.name()))) {
                        deliver(viewer, channel.id(), now, FoxgloveScene.transform(calibration, pinhole, now));
                    }
                }
            });
        }
    }

    private void camera(String name, CameraView view) {
        long nanos = view.frame().header().time().exposureNanos();
        send(FoxgloveChannel.image(name), nanos, () -> FoxgloveJson.image(view));
        send(FoxgloveChannel.annotations(name), nanos, () -> FoxgloveJson.annotations(view));
    }

    private void tick(String slot, FusedTick tick) {
        send(FoxgloveChannel.TRACKS, tick.timeNanos(), () -> FoxgloveScene.tracks(tick));
    }

    private void send(String topic, long nanos, Supplier<Buffer> encode) {
        Integer channel = byTopic.get(topic);
        if (channel == null
                || viewers.values().stream().noneMatch(v -> v.subscriptions().containsKey(channel))) {
            return;
        }
        Buffer payload = encode.get();
        viewers.values().forEach(viewer -> deliver(viewer, channel, nanos, payload));
    }

    private static void deliver(Viewer viewer, int channel, long nanos, Buffer payload) {
        Long subscription = viewer.subscriptions().get(channel);
        if (subscription != null) {
            Buffer framed = Buffer.buffer(DATA_HEADER + payload.length())
                    .appendByte(MESSAGE_DATA)
                    .appendUnsignedIntLE(subscription)
                    .appendLongLE(nanos)
                    .appendBuffer(payload);
            viewer.client().offer(new Message("foxglove", "channel/" + channel, true, framed));
        }
    }

    @Override
    public void close() {
        streams.dispose();
        viewers.values().forEach(viewer -> viewer.client().disconnect("the server is shutting down"));
        scheduler.dispose();
    }
}
