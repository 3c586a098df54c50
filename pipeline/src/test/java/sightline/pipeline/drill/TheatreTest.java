package sightline.pipeline.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;
import sightline.config.site.Rehearsal;
import sightline.config.site.Site;
import sightline.operators.drill.Film;
import sightline.operators.drill.Play;
import sightline.operators.drill.Playwright;
import sightline.pipeline.drill.Performance.Entry;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.topology.PlazaSource;
import sightline.pipeline.topology.Reading;
import sightline.pipeline.topology.Records;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.geometry.CameraModel;

/** A drill in a pipeline that has real work to do, on a real broker. */
@Tag("long")
class TheatreTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CAMERA = "cam-1";
    private static final double FPS = 6;

    @TempDir
    private Path evidence;

    private final PlazaSource plaza = PlazaSource.now(7, 4);
    private final Site site = plaza.site();
    private final CameraModel eye =
            CameraModel.of(site.sensor(CAMERA).orElseThrow().calibration().orElseThrow());
    private final JpegEncoder encoder = JpegEncoder.best(80);

    private Assembly start() throws IOException {
        return Assembly.start(new Assembly.Options(
                Set.of(Role.SCENE, Role.FUSION, Role.RULES),
                Optional.empty(),
                site,
                Optional.of(plaza),
                WebSettings.defaults(),
                Optional.empty(),
                evidence,
                true,
                AllSettings.REGISTRY.defaults()));
    }

    @Test
    void whatIsPlayedIsRaisedAsADrillAndNothingLiveIsTouchedByIt() throws Exception {
        List<Track> tracks = new CopyOnWriteArrayList<>();
        List<Event> events = new CopyOnWriteArrayList<>();
        try (Assembly assembly = start();
                Theatre theatre = new Theatre(assembly.bus(), site)) {
            Disposable trackReader = Reading.newest(assembly.bus(), Topics.TRACK_FUSED, Codecs.TRACK, "test-tracks")
                    .subscribe(tracks::add);
            Disposable eventReader = Reading.newest(assembly.bus(), Topics.EVENT_RULE, Codecs.EVENT, "test-events")
                    .subscribe(events::add);
            theatre.open(Performance.ofNothing(site, Map.of(CAMERA, eye), FPS, Entry.TOLD, encoder));
            Play play = new Playwright(site, CAMERA).write(Event.Kind.ZONE_ENTER, 0);
            await().atMost(PATIENCE).until(() -> tracks.stream().anyMatch(t -> t.origin() == Origin.SIMULATED));
            Outcome outcome = performed(theatre, play);
            assertThat(outcome.alarm()).as(outcome.says()).isPresent();
            assertThat(outcome.alarm().get().origin()).isEqualTo(Origin.DRILL);
            assertThat(outcome.delay().getAsDouble()).isBetween(-1.0, 10.0);
            assertThat(outcome.live()).isZero();
            assertThat(tracks).allSatisfy(t -> assertThat(t.origin() == Origin.DRILL)
                    .as("%s is %s", t.id(), t.origin())
                    .isEqualTo(t.id().contains("/" + Rehearsal.NODE + "/")));
            assertThat(tracks).extracting(Track::origin).contains(Origin.SIMULATED, Origin.DRILL);
            assertThat(events).filteredOn(e -> e.origin().mayAlarm()).allSatisfy(e -> assertThat(e.tracks())
                    .allSatisfy(t -> assertThat(t.origin().mayAlarm()).isTrue()));

            impostor(assembly, play, tracks);
            trackReader.dispose();
            eventReader.dispose();
        }
    }

    /** A machine that stands still for seconds misses what happens in them, so the play is given up to three times. */
    private Outcome performed(Theatre theatre, Play play) {
        Performance performance = new Performance(site, play, Map.of(CAMERA, eye), FPS, 1, Entry.TOLD, encoder);
        Outcome outcome = theatre.perform(performance);
        for (int again = 0; again < 2 && outcome.alarm().isEmpty(); again++) {
            outcome = theatre.perform(performance);
        }
        return outcome;
    }

    /** A drill under the name of a real camera would silence what that camera really sees: nobody listens to it. */
    private void impostor(Assembly assembly, Play play, List<Track> tracks) {
        Film film = new Film(CAMERA, eye, play, FPS, 1);
        tracks.clear();
        long now = assembly.bus().time().nanos();
        for (int n = 0; n < 6; n++) {
            FrameHeader header = film.header(now - 1_000_000_000L, n);
            Detections drill = film.detections(header, film.labels(n));
            Detections posing = new Detections(asIfReal(header), drill.detections(), drill.model());
            assembly.bus().sink().send(Records.detections(site, posing)).block(PATIENCE);
        }
        await().atMost(PATIENCE).until(() -> tracks.size() > 100);
        assertThat(tracks).extracting(Track::origin).containsOnly(Origin.SIMULATED);
    }

    private static FrameHeader asIfReal(FrameHeader f) {
        return new FrameHeader(
                CAMERA, f.epoch(), f.sequence(), f.time(), Origin.DRILL, f.width(), f.height(), f.calibration(), "");
    }
}
