package sightline.pipeline.topology;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.evidence.EvidenceReader;
import sightline.config.evidence.EvidenceSettings;
import sightline.config.evidence.EvidenceStore;
import sightline.config.evidence.FileEvidenceStore;
import sightline.config.ledger.Ledger;
import sightline.config.settings.Settings;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.operators.depict.ReadBackGate;
import sightline.operators.depict.SceneDepictor;
import sightline.operators.depict.SequenceDepictor;
import sightline.operators.rules.Evidence;
import sightline.pipeline.declared.Change;
import sightline.pipeline.declared.Declaration;
import sightline.pipeline.declared.NetworkChoices;
import sightline.pipeline.infer.ShippedDetector;
import sightline.pipeline.metrics.Lag;
import sightline.pipeline.metrics.MemoryLine;
import sightline.pipeline.metrics.PipelineMetrics;
import sightline.pipeline.web.DashboardServer;
import sightline.pipeline.web.HealthServer;
import sightline.pipeline.web.Readiness;
import sightline.pipeline.web.SiteView;
import sightline.pipeline.web.SystemFacts;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.broker.EmbeddedBroker;

/**
 * The stages of one process, wired. All roles in one process is the demo; a role or two in each of several processes is a
 * deployment: they find each other through Kafka alone.
 *
 * <p>Starting takes a few seconds. Closing takes everything down in reverse order, whatever fails on the way.
 */
public final class Assembly implements AutoCloseable {
    /** What a process does. */
    public enum Role {
        /** Cameras and other sensors that this process makes: the simulated plaza, or recordings. */
        SCENE,
        PERCEPTION,
        FUSION,
        RULES,
        DEPICTION,
        PAGE;

        public static Set<Role> all() {
            return EnumSet.allOf(Role.class);
        }
    }

    /**
     * What to start.
     *
     * @param roles of this process
     * @param bootstrapServers of a cluster, or empty for a broker in this process
     * @param site roster and calibrations
     * @param scene what is observed in this process, for the role SCENE
     * @param web address and limits of the page
     * @param health where a process without a page answers health checks; empty for nowhere
     * @param evidence directory of pictures
     * @param simulatedDetections take detections from the scene and not from pixels
     * @param replayFrom fuse what the topics hold from this exposure time on, by the data's own time
     * @param networks that look at the pictures
     * @param settings of the stages
     */
    public record Options(
            Set<Role> roles,
            Optional<String> bootstrapServers,
            Site site,
            Optional<Scene> scene,
            WebSettings web,
            Optional<InetSocketAddress> health,
            Path evidence,
            boolean simulatedDetections,
            OptionalLong replayFrom,
            NetworkChoices networks,
            Settings settings) {
        /** The folder that recordings are taken from when somebody gives a camera one: where the process was started. */
        Path recordings() {
            return Path.of("");
        }

        /** What is exposed from now on, with the networks of the settings. */
        public Options(
                Set<Role> roles,
                Optional<String> bootstrapServers,
                Site site,
                Optional<Scene> scene,
                WebSettings web,
                Optional<InetSocketAddress> health,
                Path evidence,
                boolean simulatedDetections,
                Settings settings) {
            this(
                    roles,
                    bootstrapServers,
                    site,
                    scene,
                    web,
                    health,
                    evidence,
                    simulatedDetections,
                    OptionalLong.empty(),
                    PerceptionKeys.networks(settings),
                    settings);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<Stage> stages = new CopyOnWriteArrayList<>();
    private final Options options;
    private final Bus bus;
    private final Observing observing;
    private final ClusterWatch cluster;
    private final Optional<ChosenScene> scene;
    private final Optional<Production> edge;
    private final Control control;
    private final Optional<PerceptionStage.Networks> networks;
    private final Optional<EvidenceStore> store;
    private Optional<LivePicture> picture = Optional.empty();
    private Optional<DashboardServer> page = Optional.empty();

    private Assembly(Options options) throws IOException {
        this.options = options;
        TimeSource time = TimeSource.system();
        Site site = options.site();
        String bootstrap = options.bootstrapServers().isPresent()
                ? options.bootstrapServers().get()
                : own(EmbeddedBroker.temporary()).bootstrapServers();
        Settings settings = options.settings();
        this.bus = own(Bus.connect(bootstrap, site, Ledger.create(time), time, KafkaKeys.habits(settings)));
        Lookout lookout = stage(Lookout.start(bus));
        this.observing = stage(new Observing(bus, lookout, new PipelineMetrics(time), new Known()).start());
        this.cluster = stage(ClusterWatch.start(bus));
        this.scene = has(Role.SCENE)
                ? Optional.of(own(new ChosenScene(options.scene().orElse(new NoCameras(site)), options.recordings())))
                : Optional.empty();
        this.edge = scene.map(s -> own(new Production(bus, SourceKeys.policy(settings))));
        this.control = own(new Control(site, scene.map(Sources::new)));
        // Readers before writers: what is published while others start is not lost on them.
        this.networks = has(Role.PERCEPTION) && !options.simulatedDetections()
                ? ShippedNetworks.load(options.networks())
                : Optional.empty();
        this.store = has(Role.DEPICTION)
                ? Optional.of(own(FileEvidenceStore.open(options.evidence(), EvidenceSettings.limits(settings), time)))
                : Optional.empty();
        Optional<Previews> previews = has(Role.PAGE) || has(Role.RULES) && store.isPresent()
                ? Optional.of(stage(new Previews(bus, site)))
                : Optional.empty();
        if (has(Role.PAGE)) {
            picture = Optional.of(stage(new LivePicture(
                            lookout,
                            previews.orElseThrow(),
                            evidences(),
                            SiteView.of(site),
                            control,
                            settings,
                            observing::facts,
                            this::readiness)
                    .start()));
        }
        if (has(Role.FUSION)) {
            stage(FusionStage.start(bus, lookout, site, settings, options.replayFrom()));
        }
        if (has(Role.RULES)) {
            Evidence evidence = store.<Evidence>map(s -> stage(Album.start(previews.orElseThrow(), lookout, s)))
                    .orElse(Evidence.NONE);
            RuleStage rules = stage(RuleStage.start(bus, lookout, site, RuleKeys.measures(settings), evidence));
            control.onSite(rules::reload);
        }
        if (has(Role.PAGE) || has(Role.DEPICTION)) {
            control.briefing(stage(Briefing.start(bus, lookout, control::site)));
        }
        store.ifPresent(this::depict);
        networks.ifPresent(
                n -> stage(PerceptionStage.start(bus, site, n, largeFrames(), PerceptionKeys.limits(settings))));
        scene.ifPresent(s -> {
            s.start(edge.orElseThrow()).forEach(this::stage);
            control.startCameras(s.cameras());
        });
        serve();
    }

    public static Assembly start(Options options) throws IOException {
        return new Assembly(options);
    }

    /** Keeps the pipeline as its file declares it, whenever that changes. */
    public void follow(Path file, Declaration declared) {
        stage(new Reload(file, declared, this::apply, Duration.ofSeconds(1)));
    }

    private void apply(Change change) {
        switch (change) {
            case Change.Removed removed -> control.stopCamera(removed.camera());
            case Change.Added added -> {
                options.scene()
                        .filter(DeclaredScene.class::isInstance)
                        .map(DeclaredScene.class::cast)
                        .ifPresent(s -> s.put(added.camera(), added.feed()));
                scene.ifPresent(s -> s.choose(added.camera(), ChosenScene.STARTED));
                control.addCamera(added.camera());
            }
            case Change.Zones zones -> control.show(zones.site());
            case Change.Detector detector ->
                networks.ifPresent(n -> n.detector().propose(ShippedDetector.open(detector.choice())));
        }
    }

    /** Without a detector nothing can be read back, and then nothing but schematics is drawn. */
    private void depict(EvidenceStore shelf) {
        LazyReader eyes = own(new LazyReader());
        stage(DepictionStage.start(
                bus,
                shelf,
                ShippedDetector.available()
                        ? List.of(new SequenceDepictor(), new SceneDepictor())
                        : List.of(new SequenceDepictor()),
                new ReadBackGate(eyes, DepictionKeys.gate(options.settings())),
                DepictionKeys.limits(options.settings())));
    }

    private LargeFrames largeFrames() {
        return new LargeFrames(
                EvidenceSettings.frames(options.evidence()),
                EvidenceSettings.frameLimits(options.settings()),
                bus.time());
    }

    /** Pictures are read where they are drawn, or over the shoulder of the process that draws them. */
    private LivePicture.Evidences evidences() {
        return store.<LivePicture.Evidences>map(s -> s::get).orElse(new EvidenceReader(options.evidence())::get);
    }

    private void serve() {
        picture.ifPresent(p -> {
            control.onSite(site -> p.show(SiteView.of(site)));
            page = Optional.of(own(DashboardServer.start(p, options.web(), observing.metrics())));
        });
        if (page.isEmpty()) {
            options.health()
                    .ifPresent(at -> own(HealthServer.start(
                            at.getHostString(), at.getPort(), this::readiness, observing.metrics())));
        }
    }

    private boolean has(Role role) {
        return options.roles().contains(role);
    }

    /** The scene tells detections itself where no network of this process looks at its pictures. */
    private final class Sources implements Control.Cameras {
        private final ChosenScene scene;

        Sources(ChosenScene scene) {
            this.scene = scene;
        }

        @Override
        public Stage start(String camera) {
            boolean perceived = !options.simulatedDetections()
                    && (networks.isPresent() || !has(Role.PERCEPTION) && ShippedDetector.available());
            return scene.camera(edge.orElseThrow(), camera, !perceived);
        }

        @Override
        public Runnable choose(String camera, String source) {
            return scene.choose(camera, source);
        }
    }

    /** What this process tells of itself to those who observe it. */
    private final class Known implements Observing.Reports {
        @Override
        public List<SystemFacts.Model> models() {
            return networks.map(ShippedNetworks::describe).orElse(List.of());
        }

        @Override
        public List<String> notes() {
            if (options.simulatedDetections()) {
                return List.of("Detections are simulated: the scene tells them, no network looks at the pictures.");
            }
            return ShippedDetector.available()
                    ? List.of()
                    : List.of("No detector weights were found, so detections are simulated; they are part of the "
                            + "project. What others published of its networks, sightline weights fetch brings.");
        }

        @Override
        public List<Lag> lags() {
            return cluster.lags();
        }

        @Override
        public List<MemoryLine> memory() {
            List<MemoryLine> lines = new ArrayList<>();
            lines.add(MemoryLine.atMost("records to be sent", "heap", bus.sink().memoryBound()));
            stages.forEach(stage -> lines.addAll(stage.memory()));
            if (has(Role.PAGE)) {
                lines.add(
                        MemoryLine.atMost("open pages", "direct", options.web().mostWaiting()));
            }
            if (store.isPresent()) {
                long kept = store.get().usage().bytes();
                EvidenceLimits limits = EvidenceSettings.limits(options.settings());
                lines.add(new MemoryLine("kept pictures", "disk", kept, limits.maxBytes()));
            }
            return lines;
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        running.push(resource);
        return resource;
    }

    private <T extends Stage> T stage(T stage) {
        stages.add(stage);
        return own(stage);
    }

    /** Address of the page, if this process serves one. */
    public Optional<String> url() {
        return page.map(DashboardServer::url);
    }

    public Bus bus() {
        return bus;
    }

    /** What is measured. */
    public Observing observing() {
        return observing;
    }

    /** Which stages can work, and why the others can not. */
    public List<Readiness> readiness() {
        return Stream.concat(stages.stream(), control.cameras().stream())
                .map(s -> new Readiness(s.name(), s.trouble().isEmpty(), s.trouble()))
                .toList();
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                // The rest must be taken down whatever one of them says.
                LOG.warn("something did not close well", e);
            }
        }
    }
}
