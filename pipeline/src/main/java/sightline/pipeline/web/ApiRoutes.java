package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import sightline.config.site.GroundPoint;
import sightline.config.site.Zone;

/**
 * What the page asks for once and what it commands. Commands take JSON, answer 200 when they have taken effect, and 400
 * with a sentence when they cannot. Whatever the pipeline does to answer happens on other threads than the event loops.
 */
final class ApiRoutes {
    private static final int MAX_BODY = 64 * 1024;
    private static final int MAX_CORNERS = 256;

    private final Picture picture;
    private final LiveHub hub;

    ApiRoutes(Picture picture, LiveHub hub) {
        this.picture = picture;
        this.hub = hub;
    }

    void mount(Router router) {
        router.get("/api/tracks").handler(this::track);
        router.get("/api/system").handler(context -> context.vertx()
                .executeBlocking(hub::system, false)
                .onSuccess(system -> json(context, 200, system))
                .onFailure(context::fail));
        router.get("/api/settings").handler(this::settings);
        router.get("/api/blob").handler(this::blob);
        var body = BodyHandler.create(false).setBodyLimit(MAX_BODY);
        command(router, body, "/api/zones/put", b -> picture.commands().putZone(zone(b)));
        command(router, body, "/api/zones/remove", b -> picture.commands().removeZone(text(b, "name")));
        command(router, body, "/api/cameras/add", b -> picture.commands()
                .addCamera(text(b, "name"), b.getString("source", "")));
        command(router, body, "/api/cameras/remove", b -> picture.commands().removeCamera(text(b, "name")));
        command(router, body, "/api/depict", b -> picture.commands()
                .depict(text(b, "event"), b.getString("whatIf", ""), b.getString("viewpoint", "")));
    }

    private void track(RoutingContext context) {
        String id = context.request().getParam("id", "");
        hub.history()
                .past(id)
                .ifPresentOrElse(
                        past -> json(context, 200, TrackHistory.encode(past)),
                        () -> error(context, 404, "track " + id + " is not remembered any more"));
    }

    private void settings(RoutingContext context) {
        picture.settings()
                .ifPresentOrElse(
                        settings -> json(context, 200, SettingsJson.encode(settings)),
                        () -> error(context, 404, "this pipeline was started without settings"));
    }

    private void blob(RoutingContext context) {
        String reference = context.request().getParam("ref", "");
        var loop = context.vertx().getOrCreateContext();
        Mono.defer(() -> picture.blob(reference))
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe(
                        found -> loop.runOnContext(ignored -> found.ifPresentOrElse(
                                blob -> context.response()
                                        .putHeader("content-type", blob.contentType())
                                        .putHeader("cache-control", "private, max-age=3600")
                                        .end(Buffer.buffer(blob.bytes())),
                                () -> error(context, 404, "it is unknown, expired or erased"))),
                        failure -> loop.runOnContext(ignored -> error(context, 500, message(failure))));
    }

    private static void command(Router router, BodyHandler body, String path, Function<JsonObject, Mono<?>> command) {
        router.post(path).handler(body).handler(context -> {
            String type = context.request().getHeader("content-type");
            if (type == null || !type.startsWith("application/json")) {
                error(context, 415, "commands are application/json");
                return;
            }
            var loop = context.vertx().getOrCreateContext();
            Mono.defer(() -> command.apply(context.body().asJsonObject()))
                    .subscribeOn(Schedulers.boundedElastic())
                    .map(Object::toString)
                    .defaultIfEmpty("")
                    .subscribe(
                            id -> loop.runOnContext(
                                    ignored -> json(context, 200, Json.object(json -> json.put("ok", true)
                                            .put("id", id)))),
                            failure -> loop.runOnContext(ignored -> error(context, status(failure), message(failure))));
        });
    }

    private static int status(Throwable failure) {
        return failure instanceof IllegalArgumentException
                        || failure instanceof DecodeException
                        || failure instanceof ClassCastException
                ? 400
                : 500;
    }

    private static Zone zone(JsonObject body) {
        JsonArray corners = body.getJsonArray("outline");
        if (corners == null || corners.size() < 3 || corners.size() > MAX_CORNERS) {
            throw new IllegalArgumentException("a zone has 3 to " + MAX_CORNERS + " corners");
        }
        List<GroundPoint> outline = new ArrayList<>();
        for (int i = 0; i < corners.size(); i++) {
            JsonArray corner = corners.getJsonArray(i);
            outline.add(new GroundPoint(corner.getDouble(0), corner.getDouble(1)));
        }
        return new Zone(text(body, "name"), Polygons.counterClockwise(outline));
    }

    private static String text(JsonObject body, String name) {
        String value = body == null ? null : body.getString(name);
        if (value == null || value.isBlank() || value.length() > 200) {
            throw new IllegalArgumentException(name + " is missing, blank or too long");
        }
        return value.strip();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static void json(RoutingContext context, int status, Buffer body) {
        if (!context.response().ended()) {
            context.response()
                    .setStatusCode(status)
                    .putHeader("content-type", "application/json")
                    .putHeader("cache-control", "no-store")
                    .end(body);
        }
    }

    private static void error(RoutingContext context, int status, String why) {
        json(context, status, Json.object(json -> json.put("ok", false).put("error", why)));
    }
}
