package sightline.pipeline.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.SiteFile;
import sightline.operators.fusion.Fused;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.fusion.SceneReplay;
import sightline.operators.perception.Perceiver;
import sightline.pipeline.evaluate.Recorded;
import sightline.pipeline.infer.ShippedDetector;

/** {@code sightline fusion replay}: all nodes of a scene over a recording, with a digest of everything they held. */
@Command(
        name = "replay",
        description = "Fuses a recording or what a cluster's topics hold, and prints a digest of all pictures.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "  sightline fusion replay --wildtrack ../shared/data/wildtrack --nodes 7",
            "  sightline fusion replay --topic --site site.yaml -b localhost:9092"
        })
final class FusionReplay implements Callable<Integer> {
    private static final String COLUMNS =
            "tick,nanos,track,east,north,velocity_east,velocity_north,sigma_east," + "sigma_north,presence,absence";

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Roster roster;

    /** Whose scene it is: a recording brings its own roster. */
    static final class Roster {
        @Option(names = "--wildtrack", paramLabel = "FOLDER", description = "WILDTRACK, from perturbed ground truth.")
        private Path wildtrack;

        @Option(names = "--autoferry", paramLabel = "FOLDER", description = "One Autoferry scenario.")
        private Path autoferry;

        @Option(names = "--pets", paramLabel = "FOLDER", description = "PETS 2009 S2L1, through the shipped detector.")
        private Path pets;

        @Option(names = "--site", paramLabel = "FILE", description = "A site as YAML; only with --topic.")
        private Path site;
    }

    @Option(names = "--topic", description = "Take the scans from a cluster's topics, and only the roster from above.")
    private boolean topic;

    @Option(names = "--nodes", defaultValue = "1", description = "WILDTRACK's nodes (default ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "WILDTRACK's detector errors (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--lag", defaultValue = "5", description = "Late window in ticks (default ${DEFAULT-VALUE}).")
    private int lag;

    @Option(
            names = "--most",
            defaultValue = "500000",
            description = "Scans of a topic that are held in memory (default ${DEFAULT-VALUE}).")
    private int most;

    @Option(names = "--csv", paramLabel = "FILE", description = "Also write every confirmed track of every tick.")
    private Path csv;

    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() throws IOException {
        Recorded recorded = recorded();
        Set<String> tracks = new TreeSet<>();
        Map<String, Integer> refused = new TreeMap<>();
        try (PrintWriter rows = csv == null ? null : new PrintWriter(Files.newBufferedWriter(csv))) {
            Optional.ofNullable(rows).ifPresent(r -> r.println(COLUMNS));
            SceneReplay replay = new SceneReplay(
                    recorded.site(), FusionSettings.standard().withLag(lag), picture -> note(picture, tracks, rows));
            for (Scan scan : recorded.scans()) {
                try {
                    replay.offer(scan);
                } catch (IllegalArgumentException e) {
                    refused.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
                }
            }
            replay.finish();
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "%s: %d scans %s, %d unreadable, %d ticks, %d confirmed tracks%n",
                    recorded.site().scene(),
                    recorded.scans().size(),
                    new TreeMap<>(replay.outcomes()),
                    recorded.unreadable(),
                    replay.ticks(),
                    tracks.size());
            refused.forEach((reason, count) -> out.println(count + " refused: " + reason));
            out.println("digest " + replay.digest());
        }
        return 0;
    }

    private static void note(Fused picture, Set<String> tracks, PrintWriter rows) {
        for (Track t : picture.tracks()) {
            tracks.add(t.id());
            if (rows != null) {
                rows.printf(
                        Locale.ROOT,
                        "%d,%d,%s,%.3f,%.3f,%.3f,%.3f,%.3f,%.3f,%.6f,%.3e%n",
                        t.tick(),
                        t.timeNanos(),
                        t.id(),
                        t.east(),
                        t.north(),
                        t.state()[2],
                        t.state()[3],
                        Math.sqrt(t.covariance()[0]),
                        Math.sqrt(t.covariance()[5]),
                        t.presence(),
                        t.absence());
            }
        }
    }

    private Recorded recorded() throws IOException {
        if (roster.site != null && !topic) {
            throw new ParameterException(spec.commandLine(), "--site is a roster without scans: add --topic");
        }
        if (roster.site != null) {
            return Recorded.topics(cluster.bootstrapServers(), SiteFile.read(roster.site), most);
        }
        if (roster.pets != null) {
            if (topic) {
                throw new ParameterException(spec.commandLine(), "--pets goes with no --topic: give its --site");
            }
            try (Perceiver<Detections> detector = ShippedDetector.open(416, 2)) {
                return Recorded.pets(roster.pets, detector);
            }
        }
        Recorded own = roster.wildtrack != null
                ? Recorded.wildtrack(roster.wildtrack, nodes, seed)
                : Recorded.autoferry(roster.autoferry);
        return topic ? Recorded.topics(cluster.bootstrapServers(), own.site(), most) : own;
    }
}
