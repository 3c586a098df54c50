package sightline.pipeline.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Supplier;
import sightline.pipeline.metrics.PipelineMetrics;

/**
 * Health, readiness and metrics of a process that serves no page. It listens on every address, since whoever watches a
 * container does so from outside, and says nothing about anybody.
 */
public final class HealthServer implements AutoCloseable {
    private final Vertx vertx;
    private final int port;

    private HealthServer(Vertx vertx, int port) {
        this.vertx = vertx;
        this.port = port;
    }

    /** @param port 0 for any free one */
    public static HealthServer start(int port, Supplier<List<Readiness>> readiness, PipelineMetrics metrics) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        Router router = Router.router(vertx);
        new HealthRoutes(readiness).mount(router);
        router.get("/metrics").handler(context -> {
            PipelineMetrics.Scrape scrape = metrics.scrape(context.request().getHeader("accept"));
            context.response().putHeader("content-type", scrape.contentType()).end(scrape.body());
        });
        var server = vertx.createHttpServer(
                        new HttpServerOptions().setPort(port).setHost("0.0.0.0"))
                .requestHandler(router)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new HealthServer(vertx, server.actualPort());
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
