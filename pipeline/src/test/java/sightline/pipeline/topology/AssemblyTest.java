package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderResult;
import sightline.config.domain.Track;
import sightline.config.ledger.LedgerRow;
import sightline.pipeline.infer.ShippedDetector;
import sightline.pipeline.metrics.MemoryTable;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.web.WebSettings;

/** The whole pipeline in one process, from the plaza to the page, on a real broker. */
class AssemblyTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path evidence;

    private final Disposable.Composite readers = Disposables.composite();

    private Assembly start(Set<Role> roles, boolean simulatedDetections) throws IOException {
        PlazaSource plaza = PlazaSource.now(7, 4);
        return Assembly.start(new Assembly.Options(
                roles,
                Optional.empty(),
                plaza.site(),
                Optional.of(plaza),
                WebSettings.defaults(),
                Optional.empty(),
                evidence,
                simulatedDetections,
                AllSettings.REGISTRY.defaults()));
    }

    @Test
    void plazaBecomesFusedTracksEventsAndPicturesOnThePage() throws Exception {
        try (Assembly assembly = start(Role.all(), true)) {
            AtomicReference<Track> track = new AtomicReference<>();
            AtomicReference<RenderResult> picture = new AtomicReference<>();
            readers.add(Reading.newest(assembly.bus(), Topics.TRACK_FUSED, Codecs.TRACK, "test-tracks")
                    .subscribe(track::set));
            readers.add(Reading.newest(assembly.bus(), Topics.RENDER_RESULT, Codecs.RENDER_RESULT, "test-pictures")
                    .subscribe(picture::set));
            // The first ticks may be one node's alone, which has not heard its peers yet.
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(track.get()).isNotNull();
                assertThat(track.get().origin()).isEqualTo(Origin.SIMULATED);
                assertThat(track.get().receipt().contributions()).isNotEmpty();
                assertThat(track.get().receipt().peers()).isNotEmpty();
            });
            assertThat(MemoryTable.of(assembly.observing().facts().memory()))
                    .contains("Java heap", "reader lookout", "reader fusion", "transactions of node-1", "open pages");
            await().atMost(PATIENCE).until(() -> picture.get() != null);
            assertThat(picture.get().origin()).isEqualTo(Origin.SYNTHETIC);
            assertThat(get(assembly, "/").statusCode()).isEqualTo(200);
            assertThat(get(assembly, "/metrics").body()).contains("sightline_stage_latency_seconds");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(get(assembly, "/readyz").statusCode()).isEqualTo(200));
            readers.dispose();
        }
    }

    @Test
    void defaultRunDetectsFromPixelsWithOurModelAndAccountsForEveryFrame() throws Exception {
        assumeTrue(ShippedDetector.available(), "no detector weights are in the project");
        List<Detections> seen = new CopyOnWriteArrayList<>();
        try (Assembly assembly = start(Set.of(Role.SCENE, Role.PERCEPTION), false)) {
            readers.add(Reading.newest(assembly.bus(), Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "test-detections")
                    .subscribe(seen::add));
            await().atMost(PATIENCE)
                    .until(() ->
                            seen.stream().filter(d -> !d.detections().isEmpty()).count() > 8);
            String digest = assembly.observing().facts().models().getFirst().digest();
            assertThat(seen).allSatisfy(d -> assertThat(d.model()).isEqualTo(digest));
            assertThat(seen)
                    .allSatisfy(d -> assertThat(d.frame().trace()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"));
            List<LedgerRow> ledger = assembly.observing().facts().ledger();
            assertThat(ledger).isNotEmpty().allSatisfy(row -> assertThat(row.unaccounted())
                    .isZero());
            readers.dispose();
        }
    }

    private static HttpResponse<String> get(Assembly assembly, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create(assembly.url().orElseThrow()).resolve(path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
