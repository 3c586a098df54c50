package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.Event;
import sightline.config.domain.Track;
import sightline.config.ledger.Ledger;
import sightline.config.ledger.LedgerRow;
import sightline.config.site.GroundPoint;
import sightline.config.site.Site;
import sightline.config.site.Zone;
import sightline.config.time.TimeSource;
import sightline.pipeline.declared.NetworkChoices;
import sightline.pipeline.declared.PipelineFile;
import sightline.pipeline.infer.ShippedDetector;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;

/** What can happen to a whole pipeline while it runs, on a real broker, and what it promises then. */
class PipelineFaultsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SEED = 7;
    /** Where the feeds begin whose fusion is compared. */
    private static final long START =
            TimeSource.system().nanos() - Duration.ofMinutes(1).toNanos();

    private static Map<Long, Map<String, String>> undisturbed;

    @TempDir
    private Path folder;

    private final TimeSource time = TimeSource.system();
    private final Disposable.Composite readers = Disposables.composite();

    @AfterEach
    void stopReading() {
        readers.dispose();
    }

    private Assembly start(
            EmbeddedBroker broker,
            Set<Role> roles,
            Site site,
            Optional<Scene> scene,
            boolean simulated,
            OptionalLong replay)
            throws IOException {
        return Assembly.start(new Assembly.Options(
                roles,
                Optional.of(broker.bootstrapServers()),
                site,
                scene,
                WebSettings.defaults(),
                Optional.empty(),
                folder.resolve("evidence"),
                simulated,
                replay,
                NetworkChoices.SHIPPED,
                AllSettings.REGISTRY.defaults()));
    }

    @Test
    void brokerThatIsKilledAndComesBackIsSaidToBeAwayAndTheMainPathResumes() throws IOException {
        survives(Duration.ofSeconds(4), true);
    }

    @Test
    @Tag("long")
    void brokerThatIsAwayForAMinuteCostsNoFrameItsAccount() throws IOException {
        assumeTrue(ShippedDetector.available(), "no detector weights are in the project");
        survives(Duration.ofMinutes(1), false);
    }

    private void survives(Duration absence, boolean simulatedDetections) throws IOException {
        PlazaSource plaza = PlazaSource.now(SEED, 3);
        AtomicLong newest = new AtomicLong();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Assembly assembly = start(
                        broker,
                        Set.of(Role.SCENE, Role.PERCEPTION, Role.FUSION, Role.RULES),
                        plaza.site(),
                        Optional.of(plaza),
                        simulatedDetections,
                        OptionalLong.empty())) {
            readers.add(Reading.newest(assembly.bus(), Topics.TRACK_FUSED, Codecs.TRACK, "test-tracks")
                    .subscribe(track -> newest.accumulateAndGet(track.timeNanos(), Math::max)));
            await().atMost(PATIENCE).until(() -> newest.get() > 0);
            broker.stop();
            long gone = time.nanos();
            await().atMost(PATIENCE).until(() -> away(assembly));
            await().atMost(absence.plus(PATIENCE)).until(() -> time.nanos() - gone > absence.toNanos());
            broker.restart();
            long back = time.nanos();
            await().atMost(PATIENCE).until(() -> newest.get() > back);
            System.out.printf("fused again %d ms after the broker came back%n", (time.nanos() - back) / 1_000_000);
            await().atMost(PATIENCE).until(() -> !away(assembly));
            List<LedgerRow> ledger = assembly.observing().facts().ledger();
            assertThat(ledger.stream().noneMatch(row -> row.stage().equals("perception")))
                    .isEqualTo(simulatedDetections);
            assertThat(ledger).allSatisfy(row -> assertThat(row.unaccounted()).isZero());
            assertThat(ledger)
                    .filteredOn(row -> row.stage().equals("perception"))
                    .as("what was under way waits for the broker")
                    .allSatisfy(row -> assertThat(row.failed()).isZero());
        }
    }

    private static boolean away(Assembly assembly) {
        return assembly.readiness().stream().anyMatch(r -> !r.ready() && r.why().contains("broker away"));
    }

    @Test
    void peerThatEchoesEverythingItHearsChangesNothingOfWhatIsFused() throws IOException {
        assertThat(fused(Map.of(), true)).isEqualTo(undisturbed());
    }

    /** Fifty parts per million make 180 ms in an hour, nearly two ticks; nothing in the stamps tells of it. */
    @Test
    void clockThatDriftedForAnHourMakesNoGhostsAndLosesNobody() throws IOException {
        double right = tracksATick(undisturbed());
        double drifted = tracksATick(fused(Map.of("cam-2", Duration.ofMillis(180)), false));
        System.out.printf("%.2f tracks a tick, %.2f with one clock off by 180 ms%n", right, drifted);
        assertThat(drifted).isBetween(right - 1, right + 1);
    }

    private static double tracksATick(Map<Long, Map<String, String>> ticks) {
        return ticks.values().stream().mapToInt(Map::size).average().orElseThrow();
    }

    private Map<Long, Map<String, String>> undisturbed() throws IOException {
        if (undisturbed == null) {
            undisturbed = fused(Map.of(), false);
        }
        assertThat(undisturbed).hasSizeGreaterThan(20);
        return undisturbed;
    }

    private Map<Long, Map<String, String>> fused(Map<String, Duration> clocksOff, boolean echoing) throws IOException {
        Feed feed = new Feed(SEED, START, Duration.ofSeconds(6), clocksOff);
        AtomicInteger echoes = new AtomicInteger();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = Bus.connect(broker.bootstrapServers(), feed.plaza.site(), Ledger.create(time), time);
                Published published = new Published(bus)) {
            Disposable echo = echoing ? echo(bus, echoes) : Disposables.disposed();
            try (Assembly fusion = start(
                    broker, Set.of(Role.FUSION), feed.plaza.site(), Optional.empty(), true, OptionalLong.of(START))) {
                feed.sendUpTo(1, bus.sink());
                await().atMost(PATIENCE).until(() -> published.lastTick() > feed.tickAt(1));
                assertThat(fusion.readiness()).isNotEmpty();
                assertThat(echoes.get()).isGreaterThan(echoing ? 3 * 20 : -1);
                return published.upTo(feed.tickAt(1));
            } finally {
                echo.dispose();
            }
        }
    }

    /** Says every belief again, under its own name and on every node's partition. */
    private static Disposable echo(Bus bus, AtomicInteger echoes) {
        KafkaSource source = KafkaSource.builder(bus.bootstrapServers())
                .name("test-echo")
                .intake(Intake.all(Topics.BELIEF_NODE.name(), Intake.oldest()))
                .build();
        Flux<Outbound> again = source.records()
                .doOnNext(inbound -> inbound.acknowledge())
                .filter(inbound -> inbound.header("x-echo").isEmpty())
                .concatMapIterable(inbound -> List.of(0, 1, 2).stream()
                        .map(partition -> Outbound.keyed(
                                        inbound.topic(), inbound.key(), inbound.timestampMillis(), inbound.value())
                                .on(partition)
                                .with("x-echo", "yes"))
                        .toList());
        return bus.sink().send(again).subscribe(sent -> echoes.incrementAndGet());
    }

    @Test
    void reloadMidStreamChangesWhatItSaysAndLosesNothingElse() throws IOException {
        PlazaSource plaza = PlazaSource.now(SEED, 4);
        Path file = declare(plaza.site(), "{name: cam-1, from: plaza}, {name: cam-2, from: plaza}");
        var declared = PipelineFile.read(file);
        Queue<Detections> seen = new ConcurrentLinkedQueue<>();
        Queue<Event> events = new ConcurrentLinkedQueue<>();
        Queue<Track> tracks = new ConcurrentLinkedQueue<>();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Assembly assembly = start(
                        broker,
                        Set.of(Role.SCENE, Role.FUSION, Role.RULES),
                        declared.site(),
                        Optional.of(Scene.declared(declared, plaza)),
                        true,
                        OptionalLong.empty())) {
            assembly.follow(file, declared);
            readers.add(Reading.all(
                            assembly.bus(), Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "test-seen", Intake.oldest())
                    .subscribe(seen::add));
            readers.add(Reading.newest(assembly.bus(), Topics.EVENT_RULE, Codecs.EVENT, "test-events")
                    .subscribe(events::add));
            readers.add(Reading.newest(assembly.bus(), Topics.TRACK_FUSED, Codecs.TRACK, "test-tracks")
                    .subscribe(tracks::add));
            await().atMost(PATIENCE).until(() -> of(seen, "cam-1") > 0 && of(seen, "cam-2") > 0 && !tracks.isEmpty());

            Zone everywhere = new Zone(
                    "everywhere",
                    List.of(
                            new GroundPoint(-100, -100),
                            new GroundPoint(100, -100),
                            new GroundPoint(100, 100),
                            new GroundPoint(-100, 100)));
            declare(
                    plaza.site().withZones(List.of(everywhere)),
                    "{name: cam-1, from: plaza}, {name: cam-3, from: plaza}");
            await().atMost(PATIENCE).until(() -> of(seen, "cam-3") > 2);
            await().atMost(PATIENCE)
                    .until(() -> events.stream().anyMatch(e -> e.zone().equals("everywhere")));

            declare(plaza.site(), "{name: cam-1, from: plaza}, {name: nobody, from: plaza}");
            await().atMost(PATIENCE).until(() -> assembly.readiness().stream()
                    .anyMatch(r -> r.stage().equals("reload") && r.why().contains("nobody")));
            int before = of(seen, "cam-1");
            await().atMost(PATIENCE).until(() -> of(seen, "cam-1") > before + 2);
        }
        assertThat(seen.stream().filter(d -> d.frame().camera().equals("cam-1")).map(d -> d.frame()
                        .sequence()))
                .as("the camera that stayed has no gap")
                .isSorted()
                .satisfies(numbers ->
                        assertThat(numbers.getLast() - numbers.getFirst()).isEqualTo(numbers.size() - 1L));
    }

    private static int of(Queue<Detections> seen, String camera) {
        return (int)
                seen.stream().filter(d -> d.frame().camera().equals(camera)).count();
    }

    /** Writes or replaces the pipeline's file and its site. */
    private Path declare(Site site, String cameras) throws IOException {
        Files.writeString(folder.resolve("plaza-site.yaml"), SiteYaml.of(site));
        return Files.writeString(
                folder.resolve("yard.yaml"), "site: plaza-site.yaml\ncameras: [%s]\n".formatted(cameras));
    }
}
