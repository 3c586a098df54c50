package sightline.operators.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;
import sightline.config.site.Rehearsal;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.rules.Evidence;
import sightline.operators.rules.RuleEngine;
import sightline.operators.rules.RuleSettings;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundProjector;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

/** Plays must be such that a pipeline that works raises the alarm: told detections, fusion and rules, no clock. */
class PlaywrightTest {
    private static final double FPS = 6;
    private static final long CURTAIN = 1_700_000_000_000_000_000L;
    private static final int PLAYS = 4;

    private final Site site = Plaza.of(PlazaSettings.of(7)).site();

    @ParameterizedTest
    @EnumSource(
            value = Event.Kind.class,
            names = {"FALL", "ZONE_ENTER", "ZONE_EXIT", "LINE_CROSS", "CROWDING"})
    void whatIsPlayedIsRaisedAsADrillAndNothingElseIsRaisedAtAll(Event.Kind kind) {
        int raised = 0;
        for (int seed = 0; seed < PLAYS; seed++) {
            String camera = "cam-" + (1 + seed % 3);
            Play play = new Playwright(site, camera).write(kind, seed);
            List<Event> events = played(play, camera, seed);
            assertThat(events).allSatisfy(e -> assertThat(e.origin()).isEqualTo(Origin.DRILL));
            boolean is =
                    events.stream().anyMatch(e -> e.kind() == kind && e.zone().equals(play.zone()));
            raised += is ? 1 : 0;
        }
        // In a crowd people hide each other from a single camera, and then it may rightly be unsure of the number.
        assertThat(raised).isGreaterThanOrEqualTo(kind == Event.Kind.CROWDING ? PLAYS - 1 : PLAYS);
    }

    private List<Event> played(Play play, String camera, long seed) {
        CameraModel model =
                CameraModel.of(site.sensor(camera).orElseThrow().calibration().orElseThrow());
        Film film = new Film(camera, model, play, FPS, seed);
        GroundProjector ground = new GroundProjector(model);
        FusionNode node = new FusionNode(Rehearsal.of(site), Rehearsal.NODE, 1, FusionSettings.standard());
        RuleEngine rules = new RuleEngine(site, RuleSettings.defaults(site), Evidence.NONE);
        List<Event> events = new ArrayList<>();
        long tick = CURTAIN / site.tickNanos();
        for (int n = 0; n < film.frames(); n++) {
            var header = film.header(CURTAIN, n);
            rules.onPoses(film.poses(header, film.labels(n)));
            node.onScan(ground.place(film.detections(header, film.labels(n))));
            while ((tick + 1) * site.tickNanos() <= header.time().exposureNanos()) {
                tick++;
                List<Track> tracks = node.tracks(tick);
                events.addAll(rules.onTick(tick, tick * site.tickNanos(), tracks));
            }
        }
        return events;
    }

    @Test
    void aFaultOfASensorIsNoScene() {
        assertThatThrownBy(() -> new Playwright(site, "cam-1").write(Event.Kind.SENSOR_FAULT, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SENSOR_FAULT cannot be played");
    }

    @Test
    void aCameraThatTheSiteDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> new Playwright(site, "cam-9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cam-9");
    }

    @Test
    void equalSeedsGiveEqualPlays() {
        Playwright playwright = new Playwright(site, "cam-2");
        assertThat(playwright.write(Event.Kind.FALL, 5)).isEqualTo(playwright.write(Event.Kind.FALL, 5));
        assertThat(playwright.write(Event.Kind.FALL, 5)).isNotEqualTo(playwright.write(Event.Kind.FALL, 6));
    }
}
