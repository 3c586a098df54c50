package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;

/** {@code /healthz}: the process answers. {@code /readyz}: every stage can work, or which ones cannot and why. */
final class HealthRoutes {
    private final Supplier<List<Readiness>> readiness;

    HealthRoutes(Supplier<List<Readiness>> readiness) {
        this.readiness = readiness;
    }

    void mount(Router router) {
        router.get("/healthz").handler(context -> json(context, 200, Json.object(json -> json.put("status", "up"))));
        router.get("/readyz").handler(this::ready);
    }

    private void ready(RoutingContext context) {
        context.vertx()
                .executeBlocking(readiness::get, false)
                .onSuccess(stages -> tell(context, stages))
                .onFailure(context::fail);
    }

    private static void tell(RoutingContext context, List<Readiness> stages) {
        boolean all = stages.stream().allMatch(Readiness::ready);
        json(context, all ? 200 : 503, Json.object(json -> json.put("ready", all)
                .list("stages", stages, (s, stage) -> s.put("stage", stage.stage())
                        .put("ready", stage.ready())
                        .put("why", stage.why()))));
    }

    private static void json(RoutingContext context, int status, Buffer body) {
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body);
    }
}
