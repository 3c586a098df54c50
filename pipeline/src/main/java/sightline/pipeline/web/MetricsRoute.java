package sightline.pipeline.web;

import io.vertx.ext.web.Router;

/** {@code /metrics} in Prometheus' text format, or OpenMetrics with exemplars for scrapers that ask for it. */
final class MetricsRoute {
    private final LiveHub hub;

    MetricsRoute(LiveHub hub) {
        this.hub = hub;
    }

    void mount(Router router) {
        router.get("/metrics").handler(context -> {
            String accept = context.request().getHeader("accept");
            context.vertx()
                    .executeBlocking(() -> hub.scrape(accept), false)
                    .onSuccess(scrape -> context.response()
                            .putHeader("content-type", scrape.contentType())
                            .putHeader("cache-control", "no-store")
                            .end(scrape.body()))
                    .onFailure(context::fail);
        });
    }
}
