package sightline.pipeline.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sightline.config.time.TimeSource;
import sightline.pipeline.metrics.PipelineMetrics;

/**
 * Serves a {@link Picture} as a page.
 *
 * <pre>{@code
 * try (DashboardServer server = DashboardServer.start(picture, WebSettings.defaults(), metrics)) {
 *     System.out.println(server.url());
 * }
 * }</pre>
 *
 * <p>Owns its Vert.x instance (two event loops) and one encoding thread; {@link #close} ends all of them and disconnects
 * every page with a reason. Starting fails if the address cannot be bound.
 */
public final class DashboardServer implements AutoCloseable {
    /** A connection on which no write succeeds for so many stall times is cut off, whatever still waits in it. */
    private static final int WRITE_TIMEOUT_STALLS = 6;

    private static final int MAX_CLIENT_MESSAGE = 64 * 1024;

    private final WebSettings settings;
    private final Vertx vertx;
    private final LiveHub hub;
    private final FoxgloveEndpoint foxglove;
    private final HttpServer server;

    private DashboardServer(
            WebSettings settings, Vertx vertx, LiveHub hub, FoxgloveEndpoint foxglove, HttpServer server) {
        this.settings = settings;
        this.vertx = vertx;
        this.hub = hub;
        this.foxglove = foxglove;
        this.server = server;
    }

    /** Starts serving with metrics of its own, for whoever has none to share. */
    public static DashboardServer start(Picture picture, WebSettings settings) {
        return start(picture, settings, new PipelineMetrics(TimeSource.system()));
    }

    /**
     * Starts serving and returns when the address answers.
     *
     * @param metrics of the process, served under {@code /metrics}; the caller closes them
     */
    public static DashboardServer start(Picture picture, WebSettings settings, PipelineMetrics metrics) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setWorkerPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        var hub = new LiveHub(picture, settings, metrics, TimeSource.system());
        var foxglove = new FoxgloveEndpoint(picture, settings, TimeSource.system());
        try {
            Router router = Router.router(vertx);
            router.route().handler(new Guard(settings)::handle);
            router.get("/foxglove").handler(foxglove::handle);
            router.get("/live").handler(new LiveEndpoint(hub, settings)::handle);
            new HealthRoutes(picture::readiness).mount(router);
            new MetricsRoute(hub).mount(router);
            new ApiRoutes(picture, hub).mount(router);
            new GroundRoutes(picture::site).mount(router);
            new AssetRoutes(new Assets()).mount(router);
            HttpServer server = await(vertx.createHttpServer(options(settings))
                    .requestHandler(router)
                    .listen()
                    .toCompletionStage());
            hub.start();
            foxglove.start();
            return new DashboardServer(settings, vertx, hub, foxglove, server);
        } catch (RuntimeException e) {
            hub.close();
            foxglove.close();
            vertx.close();
            throw e;
        }
    }

    private static HttpServerOptions options(WebSettings settings) {
        var options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setCompressionSupported(true)
                .setMaxWebSocketFrameSize(MAX_CLIENT_MESSAGE)
                .setMaxWebSocketMessageSize(MAX_CLIENT_MESSAGE)
                .setWebSocketSubProtocols(FoxgloveEndpoint.SUBPROTOCOLS)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setTcpNoDelay(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setWriteIdleTimeout((int) settings.stallTimeout()
                        .multipliedBy(WRITE_TIMEOUT_STALLS)
                        .toMillis());
        options.setWebSocketClosingTimeout(1);
        settings.tls().ifPresent(tls -> options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(tls.certificate().toString())
                        .setKeyPath(tls.key().toString())));
        return options;
    }

    private static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the dashboard: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the dashboard did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the dashboard was starting or stopping", e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Where to open the page; without the token. */
    public String url() {
        String host = settings.host().equals("0.0.0.0") || settings.host().equals("::") ? "localhost" : settings.host();
        return (settings.tls().isPresent() ? "https://" : "http://") + host + ":" + port() + "/";
    }

    /** Pages that are open now. */
    public int openPages() {
        return hub.clients().size();
    }

    @Override
    public void close() {
        hub.close();
        foxglove.close();
        await(vertx.close().toCompletionStage());
    }
}
