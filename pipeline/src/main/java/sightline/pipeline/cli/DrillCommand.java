package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sightline.config.domain.Event;
import sightline.config.ledger.Ledger;
import sightline.config.site.Site;
import sightline.config.site.SiteFile;
import sightline.config.time.TimeSource;
import sightline.operators.drill.Playwright;
import sightline.pipeline.drill.Performance;
import sightline.pipeline.drill.Performance.Entry;
import sightline.pipeline.drill.Recall;
import sightline.pipeline.drill.Theatre;
import sightline.pipeline.infer.ShippedDetector;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.topology.Bus;
import sightline.pipeline.topology.PlazaSource;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.geometry.CameraModel;

/** {@code sightline drill}: does the alarm fire, and how fast. */
@Command(
        name = "drill",
        description =
                "Plays something that must raise an alarm into a pipeline, marked DRILL, and tells whether it did and"
                        + " how fast. Never raises a live alarm.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "  sightline drill --event fall --camera cam-1            in a pipeline of its own",
            "  sightline drill --event all -b kafka:9092 --site yard.yaml   in one that runs"
        })
final class DrillCommand implements Callable<Integer> {
    private static final int JPEG_QUALITY = 85;
    private static final String ALL = "all";
    private static final Set<Event.Kind> LONG = Set.of(Event.Kind.ZONE_DWELL, Event.Kind.LOITERING);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--event",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "fall",
            description = "fall, zone-enter, zone-exit, line-cross, crowding, zone-dwell, loitering; several with"
                    + " commas, or all but the two long ones with 'all' (default ${DEFAULT-VALUE}).")
    private List<String> events;

    @Option(
            names = "--camera",
            split = ",",
            description = "Cameras that film it; the first one must see all of it (default: the site's first).")
    private List<String> cameras = List.of();

    @Option(names = "--runs", description = "Plays of each kind (default ${DEFAULT-VALUE}).", defaultValue = "3")
    private int runs;

    @Option(names = "--seed", description = "Of the first play (default ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Option(names = "--fps", description = "Of each camera (default ${DEFAULT-VALUE}).", defaultValue = "6")
    private double fps;

    @Option(
            names = "--told",
            description = "Tell detections, for a pipeline without a detector; otherwise its detector sees pictures."
                    + " Poses are told in any case: no pose network is shipped.")
    private boolean told;

    @Option(
            names = {"-b", "--bootstrap-servers"},
            paramLabel = "HOST:PORT",
            description = "Where the pipeline runs (default: one is started in this process).")
    private String bootstrapServers;

    @Option(names = "--site", paramLabel = "FILE", description = "The site as YAML (default: the simulated plaza's).")
    private Path siteFile;

    @Option(names = "--plaza-seed", description = "Of the plaza (default ${DEFAULT-VALUE}).", defaultValue = "7")
    private long plazaSeed;

    @Option(names = "--report", description = "Write the outcome as JSON.")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Set<Event.Kind> kinds = kinds();
        Site site = siteFile == null ? PlazaSource.now(plazaSeed, 1).site() : SiteFile.read(siteFile);
        Map<String, CameraModel> eyes = eyes(site);
        if (!told && bootstrapServers == null && !ShippedDetector.available()) {
            throw new IllegalStateException("no detector weights are shipped; use --told");
        }
        if (bootstrapServers != null) {
            TimeSource time = TimeSource.system();
            try (Bus bus = Bus.connect(bootstrapServers, site, Ledger.create(time), time)) {
                return drill(bus, site, eyes, kinds);
            }
        }
        Path evidence = Files.createTempDirectory("sightline-evidence-");
        try (Assembly assembly = Assembly.start(new Assembly.Options(
                Set.of(Role.PERCEPTION, Role.FUSION, Role.RULES),
                Optional.empty(),
                site,
                Optional.empty(),
                WebSettings.defaults(),
                Optional.empty(),
                evidence,
                told,
                AllSettings.REGISTRY.defaults()))) {
            return drill(assembly.bus(), site, eyes, kinds);
        } finally {
            DemoCommand.delete(evidence);
        }
    }

    private Integer drill(Bus bus, Site site, Map<String, CameraModel> eyes, Set<Event.Kind> kinds) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Recall recall = new Recall();
        Entry entry = told ? Entry.TOLD : Entry.PICTURES;
        JpegEncoder encoder = JpegEncoder.best(JPEG_QUALITY);
        Playwright playwright = new Playwright(site, eyes.keySet().iterator().next());
        out.println("Drill on scene " + site.scene() + " at " + bus.bootstrapServers() + " before "
                + String.join(", ", eyes.keySet()) + (told ? ", told, " : ", seen by the detector, poses told, ")
                + "everything marked DRILL");
        try (Theatre theatre = new Theatre(bus, site)) {
            theatre.open(Performance.ofNothing(site, eyes, fps, entry, encoder));
            for (Event.Kind kind : kinds) {
                for (int run = 0; run < runs; run++) {
                    var play = playwright.write(kind, seed + run);
                    var outcome = theatre.perform(new Performance(site, play, eyes, fps, seed + run, entry, encoder));
                    recall.add(outcome);
                    out.println(kind + " " + (run + 1) + ": " + outcome.says());
                    out.flush();
                }
            }
        }
        out.print(recall.table());
        out.flush();
        if (report != null) {
            Files.writeString(report, recall.json());
        }
        return recall.perfect() ? 0 : 1;
    }

    private Map<String, CameraModel> eyes(Site site) {
        Map<String, CameraModel> all = new LinkedHashMap<>();
        site.sensors().stream()
                .filter(s -> s.calibration().isPresent())
                .forEach(s -> all.put(s.name(), CameraModel.of(s.calibration().get())));
        if (all.isEmpty()) {
            throw new IllegalArgumentException("the site has no calibrated camera");
        }
        Map<String, CameraModel> chosen = new LinkedHashMap<>();
        for (String name : cameras.isEmpty() ? List.of(all.keySet().iterator().next()) : cameras) {
            if (!all.containsKey(name)) {
                throw new IllegalArgumentException(
                        "camera " + name + " is not a calibrated camera of the site, which has " + all.keySet());
            }
            chosen.put(name, all.get(name));
        }
        return chosen;
    }

    /** Kinds as people write them. */
    private Set<Event.Kind> kinds() {
        Set<Event.Kind> kinds = EnumSet.noneOf(Event.Kind.class);
        for (String word : events) {
            if (word.equalsIgnoreCase(ALL)) {
                kinds.addAll(Playwright.PLAYABLE);
                kinds.removeAll(LONG);
            } else {
                kinds.add(Playwright.PLAYABLE.stream()
                        .filter(k -> word(k).equalsIgnoreCase(word))
                        .findFirst()
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "'" + word + "' is none of "
                                        + Playwright.PLAYABLE.stream()
                                                .map(DrillCommand::word)
                                                .sorted()
                                                .toList())));
            }
        }
        return kinds;
    }

    private static String word(Event.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
