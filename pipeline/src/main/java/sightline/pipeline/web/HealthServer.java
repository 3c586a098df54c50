package sightline.pipeline.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.function.Supplier;
import sightline.pipeline.metrics.PipelineMetrics;

/**
 * Health, readiness and metrics of a process that serves no page. It has no access control, so it
 * listens where it is told to and says nothing about anybody but names of cameras and stages.
 */
public final class HealthServer implements AutoCloseable {
    private final Vertx vertx;
    private final int port;

    private HealthServer(Vertx vertx, int port) {
        this.vertx = vertx;
        this.port = port;
    }

    /**
     * @param host address to listen on
     * @param port 0 for any free one
     */
    public static HealthServer start(
            String host, int port, Supplier<List<Readiness>> readiness, PipelineMetrics metrics) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        Router router = Router.router(vertx);
        new HealthRoutes(readiness).mount(router);
        router.get("/metrics").handler(context -> {
            PipelineMetrics.Scrape scrape = metrics.scrape(context.request().getHeader("accept"));
            context.response().putHeader("content-type", scrape.contentType()).end(scrape.body());
        });
        var server = vertx.createHttpServer(
                        new HttpServerOptions().setPort(port).setHost(host))
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
