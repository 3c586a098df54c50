package sightline.pipeline.web;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/** Upgrades {@code /live} to a WebSocket and hands the client to the hub. */
final class LiveEndpoint {
    private static final short REFUSED = 1013;

    private final LiveHub hub;
    private final WebSettings settings;
    private final AtomicLong ids = new AtomicLong();

    LiveEndpoint(LiveHub hub, WebSettings settings) {
        this.hub = hub;
        this.settings = settings;
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
        if (hub.clients().size() >= settings.maxClients()) {
            socket.close(REFUSED, "too many pages are open (web.max-clients " + settings.maxClients() + ")");
            return;
        }
        var client = new LiveClient(
                ids.incrementAndGet(), socket, connection, loop, settings, System::nanoTime, hub.now(), hub::leave);
        socket.closeHandler(closed -> hub.leave(client));
        socket.exceptionHandler(failure -> socket.close());
        socket.textMessageHandler(text -> receive(client, text));
        hub.join(client);
    }

    private void receive(LiveClient client, String text) {
        try {
            JsonObject message = new JsonObject(text);
            switch (message.getString("op", "")) {
                case "want" -> client.want(message);
                case "ping" -> pong(client, message.getDouble("c", 0.0));
                case "painted" -> hub.painted(message.getJsonArray("ms"));
                default -> client.disconnect("it sent something that is not an operation");
            }
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            client.disconnect("it sent something that is not a message");
        }
    }

    private void pong(LiveClient client, double clientMillis) {
        client.offer(Message.control(Json.object(
                json -> json.put("t", "pong").put("c", clientMillis, 3).millis("s", hub.now()))));
    }
}
