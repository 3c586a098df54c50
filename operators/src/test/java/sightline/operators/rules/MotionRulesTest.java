package sightline.operators.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Event;
import sightline.config.domain.Event.Kind;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;
import sightline.config.domain.Track;

class MotionRulesTest {
    private static final RuleSettings GATE =
            new RuleSettings.LineCrossing("gate", "gate", Set.of(), Thresholds.DEFAULT);
    private static final RuleSettings CROWD =
            new RuleSettings.Crowding("crowd", "square", 3, Set.of(), Thresholds.DEFAULT);
    private static final RuleSettings MISS =
            new RuleSettings.NearMiss("miss", 1.2, Duration.ofMillis(1500), 1.5, Thresholds.DEFAULT);
    private static final RuleSettings LOITER = new RuleSettings.Loitering(
            "loiter", 1.5, Duration.ofSeconds(3), Set.of(ObjectClass.PERSON), Thresholds.DEFAULT);
    private static final RuleSettings FAULT = new RuleSettings.SensorFault("fault", Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource({"-3, 0.25, inwards", "3, -0.25, outwards"})
    void crossingTheLineTellsTheDirection(double start, double step, String direction) {
        Walk walk = new Walk(GATE);
        for (int i = 0; i < 24; i++) {
            walk.tick(Walk.person("p", 0, start + i * step, 0.15));
        }
        assertThat(walk.events()).singleElement().matches(e -> e.text().contains(direction));
    }

    @Test
    void goingRoundTheLinesEndIsNoCrossing() {
        Walk walk = new Walk(GATE);
        for (int i = 0; i < 24; i++) {
            walk.tick(Walk.person("p", 4, -3 + i * 0.25, 0.15));
        }
        assertThat(walk.events()).isEmpty();
    }

    @Test
    void standingOnTheLineRaisesAtMostOneDoubt() {
        Walk walk = new Walk(GATE).stay(5, Walk.person("p", 0, -2, 0.2));
        for (int i = 0; i < 100; i++) {
            walk.tick(Walk.person("p", 0, 0.05 * Math.sin(i), 0.3));
        }
        assertThat(walk.events()).hasSizeLessThanOrEqualTo(1).noneMatch(Event::isNecessary);
    }

    @Test
    void threeInTheSquareAreACrowdAndTwoAreNot() {
        Track a = Walk.person("a", 0, 0, 0.1);
        Track b = Walk.person("b", 1, 0, 0.1);
        Track c = Walk.person("c", 0, 1, 0.1);
        Walk walk = new Walk(CROWD).stay(20, a, b);
        assertThat(walk.events()).isEmpty();
        walk.stay(20, a, b, c);
        assertThat(walk.events()).singleElement().satisfies(e -> {
            assertThat(e.kind()).isEqualTo(Kind.CROWDING);
            assertThat(e.tracks()).extracting(Track::id).containsExactly("a", "b", "c");
        });
    }

    @Test
    void aThirdOnTheBoundaryMakesACrowdOnlyPossible() {
        Walk walk = new Walk(CROWD)
                .stay(30, Walk.person("a", 0, 0, 0.1), Walk.person("b", 1, 0, 0.1), Walk.person("c", 2.1, 0, 0.4));
        assertThat(walk.events()).singleElement().matches(e -> !e.isNecessary());
    }

    @Test
    void aCarThatHeadsForSomebodyIsANearMissBeforeTheyMeet() {
        Walk walk = new Walk(MISS);
        Track person = Walk.person("p", 0, 0, 0.1);
        for (double e = -20; e < -6; e += 0.6) {
            walk.tick(person, Walk.track("car", e, 0.5, 6, 0, 0.1, ObjectClass.CAR, Origin.LIVE));
        }
        assertThat(walk.events()).singleElement().matches(Event::isNecessary).matches(e -> e.text()
                .startsWith("A car and a person come"));
    }

    @Test
    void aCarThatPassesAtADistanceOrTwoPeopleWhoMeetAreNone() {
        Walk walk = new Walk(MISS);
        for (double e = -10; e < 10; e += 0.6) {
            walk.tick(
                    Walk.person("p", 0, 0, 0.1),
                    Walk.track("car", e, 4, 6, 0, 0.1, ObjectClass.CAR, Origin.LIVE),
                    Walk.track("q", e, 0, 6, 0, 0.1, ObjectClass.PERSON, Origin.LIVE));
        }
        assertThat(walk.events()).isEmpty();
    }

    @Test
    void whoStaysAboutOnePlaceLoitersAndWhoWalksDoesNot() {
        Walk walk = new Walk(LOITER);
        for (int i = 0; i < 60; i++) {
            walk.tick(
                    Walk.person("stays", 0.3 * Math.sin(i * 0.2), 0.3 * Math.cos(i * 0.3), 0.1),
                    Walk.person("walks", i * 0.14, 3, 0.1));
        }
        assertThat(walk.events())
                .singleElement()
                .satisfies(e -> assertThat(e.tracks()).extracting(Track::id).containsExactly("stays"));
    }

    @Test
    void aSensorThatStaysSilentIsAFaultOnceAndOneThatComesBackInTimeIsNone() {
        Walk walk = new Walk(FAULT);
        walk.engine().onStatus(status("radar", State.STALLED, 0));
        walk.stay(5);
        walk.engine().onStatus(status("radar", State.LIVE, walk.nowNanos()));
        walk.stay(20);
        assertThat(walk.events()).isEmpty();
        walk.engine().onStatus(status("radar", State.FAILED, walk.nowNanos()));
        walk.stay(40);
        assertThat(walk.events())
                .singleElement()
                .matches(e -> e.text().contains("radar") && e.text().contains("no power"));
    }

    private static SensorStatus status(String sensor, State state, long nanos) {
        return new SensorStatus(sensor, state, nanos, 0, "clock", 0, "no power", Origin.LIVE);
    }

    @Test
    void twoRulesOfOneNameAreRefused() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new RuleEngine(Walk.site(), List.of(GATE, GATE), Evidence.NONE)))
                .hasMessageContaining("same name");
    }
}
