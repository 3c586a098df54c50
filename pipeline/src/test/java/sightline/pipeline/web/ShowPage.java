package sightline.pipeline.web;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import reactor.core.publisher.Flux;
import sightline.config.time.TimeSource;
import sightline.pipeline.metrics.PipelineMetrics;

/** Serves the page over the fake, for whoever works on the page: {@code ShowPage [port]}. */
final class ShowPage {
    private ShowPage() {}

    public static void main(String[] args) throws InterruptedException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8088;
        var picture = new FakePicture(7, 9);
        try (var metrics = new PipelineMetrics(TimeSource.system());
                var server = DashboardServer.start(
                        picture, WebSettings.defaults().withAddress("127.0.0.1", port), metrics)) {
            System.out.println(server.url());
            Flux.interval(Duration.ofMillis(100)).onBackpressureDrop().subscribe(i -> picture.step(now()));
            new CountDownLatch(1).await();
        }
    }

    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
