package sightline.pipeline.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sightline.pipeline.topology.Demo;
import sightline.pipeline.web.FusedTick;
import sightline.pipeline.web.WebSettings;

/** {@code sightline demo}: everything in one process, on a simulated plaza. */
@Command(
        name = "demo",
        description = "Starts the whole pipeline on a simulated plaza and serves the dashboard.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--seed", description = "Seed of the plaza (default ${DEFAULT-VALUE}).", defaultValue = "7")
    private long seed;

    @Option(names = "--port", description = "Port of the page (default ${DEFAULT-VALUE}).", defaultValue = "8080")
    private int port;

    @Option(names = "--bootstrap-servers", description = "A Kafka cluster to use instead of the embedded broker.")
    private String bootstrapServers;

    @Option(names = "--seconds", description = "Stop after this many seconds.")
    private Integer seconds;

    @Override
    public Integer call() throws Exception {
        Demo.Options options = new Demo.Options(
                seed,
                Optional.ofNullable(bootstrapServers),
                WebSettings.defaults().withAddress("127.0.0.1", port));
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown, "stop"));
        try (Demo demo = Demo.start(options)) {
            System.out.println("Sightline is at " + demo.url());
            var status = demo.picture().fused().sample(Duration.ofSeconds(1)).subscribe(DemoCommand::print);
            if (seconds == null) {
                stop.await();
            } else if (!stop.await(seconds, TimeUnit.SECONDS)) {
                System.out.println();
            }
            status.dispose();
        }
        return 0;
    }

    private static void print(FusedTick tick) {
        double age = (System.currentTimeMillis() - tick.timeNanos() / 1e6) / 1e3;
        System.out.printf(
                Locale.ROOT,
                "\r%d fused tracks, %.2f s old, tick %d   ",
                tick.tracks().size(),
                age,
                tick.tick());
        System.out.flush();
    }
}
