package sightline.pipeline.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.pipeline.drill.Flood;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.topology.PlazaSource;
import sightline.pipeline.web.WebSettings;

/** {@code sightline bench branch}: does a flood of requests for pictures reach the main path. */
@Command(
        name = "branch",
        description =
                "How old tracks are when they are fused, quiet and under a flood of requests for pictures, in turns on"
                        + " one pipeline.",
        mixinStandardHelpOptions = true)
final class BenchBranch implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pairs",
            description = "Quiet and flooded windows (default ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int pairs;

    @Option(names = "--seconds", description = "Of a window (default ${DEFAULT-VALUE}).", defaultValue = "20")
    private int seconds;

    @Option(
            names = "--warm-up",
            description = "Seconds before the first (default ${DEFAULT-VALUE}).",
            defaultValue = "45")
    private int warmUp;

    @Option(names = "--requests", description = "In ten seconds (default ${DEFAULT-VALUE}).", defaultValue = "1000")
    private int requests;

    @Option(
            names = "--simulated-detections",
            description = "Take detections from the scene and not from pixels, so that the machine has room.")
    private boolean simulatedDetections;

    @Override
    public Integer call() throws Exception {
        PlazaSource plaza = PlazaSource.now(7, 6);
        Path evidence = Files.createTempDirectory("sightline-evidence-");
        try (Assembly assembly = Assembly.start(new Assembly.Options(
                        Role.all(),
                        Optional.empty(),
                        plaza.site(),
                        Optional.of(plaza),
                        WebSettings.defaults(),
                        Optional.empty(),
                        evidence,
                        simulatedDetections,
                        AllSettings.REGISTRY.defaults()));
                Flood flood = new Flood(assembly.bus())) {
            flood.watch(Duration.ofSeconds(warmUp));
            spec.commandLine()
                    .getOut()
                    .println("window  quiet p50  p99     flooded p50  p99     p99 ratio  refused  heap MB");
            double[] ratios = new double[pairs];
            for (int i = 0; i < pairs; i++) {
                Flood.Window quiet = flood.watch(Duration.ofSeconds(seconds));
                Flood.Window flooded = flood.open(Duration.ofSeconds(seconds), requests);
                ratios[i] = flooded.millis(0.99) / quiet.millis(0.99);
                spec.commandLine()
                        .getOut()
                        .printf(
                                Locale.ROOT,
                                "%6d  %6.0f ms %4.0f ms  %6.0f ms   %4.0f ms  %9.3f  %7d  %7d%n",
                                i + 1,
                                quiet.millis(0.5),
                                quiet.millis(0.99),
                                flooded.millis(0.5),
                                flooded.millis(0.99),
                                ratios[i],
                                flooded.refused(),
                                flooded.heapMegabytes());
                spec.commandLine().getOut().flush();
            }
            Arrays.sort(ratios);
            spec.commandLine()
                    .getOut()
                    .printf(Locale.ROOT, "median p99 ratio %.3f (promised: at most 1.05)%n", ratios[pairs / 2]);
        } finally {
            DemoCommand.delete(evidence);
        }
        return 0;
    }
}
