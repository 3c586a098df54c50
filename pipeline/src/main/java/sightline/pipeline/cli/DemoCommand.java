package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sightline.config.settings.Settings;
import sightline.pipeline.metrics.MemoryTable;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.web.WebKeys;
import sightline.pipeline.web.WebSettings;

/** {@code sightline demo}: everything in one process, on a simulated plaza or on real input. */
@Command(
        name = "demo",
        description =
                "Starts the whole pipeline, on a simulated plaza unless told otherwise, and serves the dashboard.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private InputOptions inputs;

    @Mixin
    private SettingsOptions options;

    @Option(names = "--port", description = "Port of the page, over web.port.")
    private Integer port;

    @Option(names = "--bootstrap-servers", description = "A Kafka cluster to use instead of a broker in this process.")
    private String bootstrapServers;

    @Option(
            names = "--simulated-detections",
            description = "Take detections from the scene and not from pixels; they are marked SIMULATED.")
    private boolean simulatedDetections;

    @Option(names = "--seconds", description = "Stop after this many seconds.")
    private Integer seconds;

    @Option(names = "--report", description = "Write what was measured as JSON when the demo stops.")
    private Path report;

    @Override
    public Integer call() throws Exception {
        long began = System.nanoTime();
        Settings settings = options.load();
        WebSettings web = WebKeys.read(settings);
        InputOptions.Input input = inputs.read(bootstrapServers != null);
        Path evidence = Files.createTempDirectory("sightline-evidence-");
        try (Assembly assembly = Assembly.start(new Assembly.Options(
                Role.all(),
                Optional.ofNullable(bootstrapServers),
                input.site(),
                input.scene(),
                port == null ? web : web.withAddress(web.host(), port),
                Optional.empty(),
                evidence,
                simulatedDetections,
                settings))) {
            System.out.print(MemoryTable.of(assembly.observing().facts().memory()));
            System.out.println("Sightline is at " + assembly.url().orElseThrow());
            System.out.println("Kafka is at " + assembly.bus().bootstrapServers());
            try (Watch watch = new Watch(assembly, began)) {
                watch.await(Optional.ofNullable(seconds));
                if (report != null) {
                    Files.writeString(report, watch.report());
                }
            }
        } finally {
            delete(evidence);
        }
        return 0;
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
