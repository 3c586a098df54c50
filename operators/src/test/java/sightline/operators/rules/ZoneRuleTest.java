package sightline.operators.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Event;
import sightline.config.domain.Event.Kind;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;

class ZoneRuleTest {
    private static final RuleSettings PRESENCE = new RuleSettings.ZonePresence(
            "watch", "square", true, true, Duration.ofSeconds(2), Set.of(), Thresholds.DEFAULT);

    @Test
    void walkingThroughRaisesOneEnterAndOneExit() {
        Walk walk = new Walk(PRESENCE);
        for (double e = -5; e <= 5; e += 0.5) {
            walk.tick(Walk.person("p", e, 0, 0.1));
        }
        assertThat(walk.kinds()).containsExactly(Kind.ZONE_ENTER, Kind.ZONE_EXIT);
        assertThat(walk.events()).allMatch(Event::isNecessary);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void waveringOnTheBoundaryIsOneDoubtfulEventAndNotAStorm(long seed) {
        var random = new java.util.Random(seed);
        Walk walk = new Walk(PRESENCE);
        for (int i = 0; i < 200; i++) {
            walk.tick(Walk.person("p", 2 + 0.1 * random.nextGaussian(), 0, 0.4));
        }
        assertThat(walk.events())
                .filteredOn(e -> e.kind() == Kind.ZONE_ENTER)
                .singleElement()
                .matches(e -> !e.isNecessary())
                .matches(e -> e.text().contains("may have"));
        assertThat(walk.kinds()).doesNotContain(Kind.ZONE_EXIT);
    }

    @Test
    void becomingCertainAfterDoubtIsAnEventOfItsOwn() {
        Walk walk = new Walk(PRESENCE).stay(20, Walk.person("p", 2.1, 0, 0.5)).stay(5, Walk.person("p", 0, 0, 0.2));
        assertThat(walk.events()).extracting(Event::isNecessary).containsExactly(false, true);
        assertThat(walk.events()).extracting(Event::id).doesNotHaveDuplicates();
    }

    @Test
    void whoStaysIsReportedOnceUntilHeLeaves() {
        Walk walk = new Walk(PRESENCE)
                .stay(60, Walk.person("p", 0, 0, 0.1))
                .stay(10, Walk.person("p", 6, 0, 0.1))
                .stay(60, Walk.person("p", 0, 0, 0.1));
        assertThat(walk.kinds())
                .containsExactly(Kind.ZONE_ENTER, Kind.ZONE_DWELL, Kind.ZONE_EXIT, Kind.ZONE_ENTER, Kind.ZONE_DWELL);
    }

    @Test
    void aReplayMakesTheSameEvents() {
        assertThat(replay()).isEqualTo(replay()).isNotEmpty();
    }

    private static List<String> replay() {
        Walk walk = new Walk(PRESENCE);
        for (double e = -5; e <= 5; e += 0.3) {
            walk.tick(Walk.person("p", e, 0, 0.1), Walk.person("q", -e, 1, 0.3));
        }
        return walk.events().stream().map(Event::id).toList();
    }

    @Test
    void aTrackThatMayNotExistRaisesNothingCertain() {
        Walk walk = new Walk(PRESENCE);
        var ghost = Walk.person("p", 0, 0, 0.1);
        var doubtful = new sightline.config.domain.Track(
                ghost.scene(),
                ghost.id(),
                0,
                0,
                ghost.state(),
                ghost.covariance(),
                1,
                0.9,
                ghost.label(),
                ghost.phase(),
                ghost.receipt(),
                ghost.origin());
        walk.stay(30, doubtful);
        assertThat(walk.events()).isNotEmpty().noneMatch(Event::isNecessary);
    }

    @Test
    void aDrillNeitherRaisesNorHidesARealAlarm() {
        var drill = Walk.track("d", 0, 0, 0, 0, 0.1, ObjectClass.PERSON, Origin.DRILL);
        Walk walk = new Walk(PRESENCE).stay(5, drill).stay(5, drill, Walk.person("p", 0, 1, 0.1));
        assertThat(walk.events()).extracting(Event::origin).containsExactlyInAnyOrder(Origin.DRILL, Origin.LIVE);
        assertThat(walk.events()).filteredOn(e -> e.origin() == Origin.LIVE).allMatch(e -> e.id().contains(":p:"));
    }

    @Test
    void movingAnotherZoneKeepsWhatIsKnownOfThisOne() {
        Walk walk = new Walk(PRESENCE).stay(5, Walk.person("p", 0, 0, 0.1));
        walk.engine()
                .reload(
                        Walk.site(),
                        List.of(PRESENCE, new RuleSettings.Crowding("c", "square", 9, Set.of(), Thresholds.DEFAULT)));
        walk.stay(10, Walk.person("p", 0, 0, 0.1));
        assertThat(walk.kinds()).containsExactly(Kind.ZONE_ENTER);
        walk.engine().reload(Walk.site().withZones(List.of()), List.of(PRESENCE));
        walk.engine().reload(Walk.site(), List.of(PRESENCE));
        walk.stay(5, Walk.person("p", 0, 0, 0.1));
        assertThat(walk.kinds()).containsExactly(Kind.ZONE_ENTER, Kind.ZONE_ENTER);
    }
}
