package sightline.pipeline.web;

import io.vertx.ext.web.Router;
import sightline.pipeline.metrics.PipelineMetrics;

/** {@code /metrics} in Prometheus' text format, or OpenMetrics with exemplars for scrapers that ask for it. */
final class MetricsRoute {
    private final LiveHub hub;

    MetricsRoute(LiveHub hub) {
        this.hub = hub;
    }

    void mount(Router router) {
        router.get("/metrics").handler(context -> {
            PipelineMetrics.Scrape scrape = hub.scrape(context.request().getHeader("accept"));
            context.response()
                    .putHeader("content-type", scrape.contentType())
                    .putHeader("cache-control", "no-store")
                    .end(scrape.body());
        });
    }
}
