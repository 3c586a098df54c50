package sightline.pipeline.cli;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sightline.config.evidence.EvidenceSettings;
import sightline.config.settings.Settings;
import sightline.config.site.Site;
import sightline.config.site.SiteFile;
import sightline.config.time.Instants;
import sightline.pipeline.declared.Declaration;
import sightline.pipeline.declared.PipelineFile;
import sightline.pipeline.declared.PipelineGraph;
import sightline.pipeline.metrics.MemoryTable;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.topology.PerceptionKeys;
import sightline.pipeline.topology.PlazaSource;
import sightline.pipeline.topology.Scene;
import sightline.pipeline.web.WebKeys;
import sightline.pipeline.web.WebSettings;

/** {@code sightline run}: some roles of a pipeline whose processes meet in Kafka. */
@Command(
        name = "run",
        description = "Runs some roles of a pipeline; processes with other roles join through Kafka.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Option(
            names = "--roles",
            split = ",",
            required = true,
            description = "Any of ${COMPLETION-CANDIDATES}, separated by commas.")
    private List<Role> roles;

    @Option(names = "--bootstrap-servers", required = true, description = "The Kafka cluster.")
    private String bootstrapServers;

    @Option(names = "--site", description = "The site as YAML; without it the simulated plaza's.")
    private Path site;

    @Option(
            names = "--pipeline",
            description =
                    "The whole pipeline as YAML: site, cameras, detector. It is checked before anything starts and"
                            + " followed while it runs: cameras, zones and detector may change without a restart.")
    private Path pipeline;

    @Option(names = "--check", description = "With --pipeline: check it, print it as a graph, and start nothing.")
    private boolean check;

    @Option(names = "--seed", description = "Seed of the plaza (default ${DEFAULT-VALUE}).", defaultValue = "7")
    private long seed;

    @Option(
            names = "--fps",
            description = "Frames a second of each simulated camera (default ${DEFAULT-VALUE}).",
            defaultValue = "6")
    private double fps;

    @Option(
            names = "--simulated-detections",
            description = "Take detections from the scene; they are marked SIMULATED.")
    private boolean simulatedDetections;

    @Option(
            names = "--replay-from",
            paramLabel = "INSTANT",
            description =
                    "Fuse what the topics hold from this exposure time on (RFC 3339). Ticks follow the data alone and"
                            + " wait for every sensor and node, so the outcome is the same however often it is run.")
    private String replayFrom;

    @Mixin
    private SettingsOptions options;

    @Option(names = "--host", description = "Address of the page, over web.host.")
    private String host;

    @Option(names = "--port", description = "Port of the page, over web.port.")
    private Integer port;

    @Option(
            names = "--token",
            description = "What clients of the page must show, over web.token; needed beyond loopback.")
    private String token;

    @Option(
            names = "--health-port",
            description = "Where a process without a page answers /healthz, /readyz and /metrics.")
    private Integer healthPort;

    @Option(
            names = "--health-host",
            description = "Address of the health checks (default ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    private String healthHost;

    @Option(names = "--evidence", description = "Directory of kept pictures, over evidence.directory.")
    private Path evidence;

    @Override
    public Integer call() throws Exception {
        long began = System.nanoTime();
        Optional<Declaration> declared = pipeline == null ? Optional.empty() : Optional.of(PipelineFile.read(pipeline));
        declared.ifPresent(d -> System.out.println(PipelineGraph.of(d)));
        if (check) {
            return 0;
        }
        PlazaSource plaza = PlazaSource.now(seed, fps);
        Site roster = declared.map(Declaration::site).orElse(site == null ? plaza.site() : SiteFile.read(site));
        Settings settings = options.load();
        Path kept = evidence == null ? settings.get(EvidenceSettings.DIRECTORY) : evidence;
        Files.createDirectories(kept);
        try (Assembly assembly = Assembly.start(new Assembly.Options(
                        EnumSet.copyOf(roles),
                        Optional.of(bootstrapServers),
                        roster,
                        scene(declared, plaza),
                        web(settings),
                        Optional.ofNullable(healthPort).map(p -> new InetSocketAddress(healthHost, p)),
                        kept,
                        simulatedDetections,
                        replayFrom == null ? OptionalLong.empty() : OptionalLong.of(Instants.parse(replayFrom)),
                        declared.map(Declaration::networks).orElse(PerceptionKeys.networks(settings)),
                        settings));
                Watch watch = new Watch(assembly, began)) {
            declared.ifPresent(d -> assembly.follow(pipeline, d));
            System.out.print(MemoryTable.of(assembly.observing().facts().memory()));
            System.out.println("Sightline runs " + roles + " of scene " + roster.scene()
                    + assembly.url().map(u -> " and serves " + u).orElse(""));
            watch.await(Optional.empty());
        }
        return 0;
    }

    private WebSettings web(Settings settings) {
        WebSettings said = WebKeys.read(settings);
        WebSettings shown = token == null ? said : said.withToken(token);
        return shown.withAddress(host == null ? said.host() : host, port == null ? said.port() : port);
    }

    private Optional<Scene> scene(Optional<Declaration> declared, PlazaSource plaza) {
        return declared.map(d -> Scene.declared(d, plaza))
                .or(() -> site == null ? Optional.of(plaza) : Optional.empty());
    }
}
