package sightline.sensors.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Origin;
import sightline.config.domain.TruthPoint;
import sightline.config.site.SensorSpec;
import sightline.sensors.geometry.WorldPoint;

class PlazaTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aTruthThatDependsOnTheOrderOfAskingWouldBeNoTruth() {
        Plaza forward = Plaza.of(PlazaSettings.of(5));
        Plaza backward = Plaza.of(PlazaSettings.of(5));
        long start = forward.settings().startNanos();
        Map<Integer, List<TruthPoint>> seen = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            seen.put(i, forward.truth(start + i * SECOND));
        }
        for (int i = 299; i >= 0; i--) {
            assertThat(backward.truth(start + i * SECOND)).isEqualTo(seen.get(i));
        }
    }

    @Test
    void anotherSeedIsAnotherWorld() {
        Plaza one = Plaza.of(PlazaSettings.of(1));
        Plaza two = Plaza.of(PlazaSettings.of(2));
        long at = one.settings().startNanos() + 10 * SECOND;
        assertThat(one.truth(at)).isNotEqualTo(two.truth(at));
        assertThat(one.cameras().getFirst().detections(40, BoxPerturbation.TYPICAL))
                .isNotEqualTo(two.cameras().getFirst().detections(40, BoxPerturbation.TYPICAL));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nobodyTeleportsAndVelocitiesAreThoseOfThePath(long seed) {
        Plaza plaza = Plaza.of(PlazaSettings.of(seed));
        long start = plaza.settings().startNanos();
        long step = SECOND / 20;
        Map<String, TruthPoint> last = new HashMap<>();
        double worst = 0;
        for (int i = 0; i < 20 * 120; i++) {
            for (TruthPoint now : plaza.truth(start + i * step)) {
                TruthPoint before = last.put(now.object(), now);
                if (before == null
                        || now.timeNanos() - before.timeNanos() != step
                        || now.label().isVehicle()) {
                    continue;
                }
                double east = (now.east() - before.east()) * 20;
                double north = (now.north() - before.north()) * 20;
                assertThat(Math.hypot(east, north))
                        .as("%s at %d", now.object(), i)
                        .isLessThan(4.5);
                double middleEast = 0.5 * (now.velocityEast() + before.velocityEast());
                double middleNorth = 0.5 * (now.velocityNorth() + before.velocityNorth());
                worst = Math.max(worst, Math.hypot(east - middleEast, north - middleNorth));
            }
        }
        assertThat(worst).isLessThan(0.6);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void peopleComeAndGoAndMostlyKeepApart(long seed) {
        Plaza plaza = Plaza.of(PlazaSettings.of(seed));
        long start = plaza.settings().startNanos();
        Set<String> people = new HashSet<>();
        int pairs = 0;
        int through = 0;
        for (int i = 0; i < 600; i++) {
            List<TruthPoint> now = plaza.truth(start + i * SECOND / 2);
            for (int a = 0; a < now.size(); a++) {
                if (now.get(a).label().isVehicle()) {
                    continue;
                }
                people.add(now.get(a).object());
                for (int b = a + 1; b < now.size(); b++) {
                    if (!now.get(b).label().isVehicle()) {
                        pairs++;
                        double distance = Math.hypot(
                                now.get(a).east() - now.get(b).east(),
                                now.get(a).north() - now.get(b).north());
                        through += distance < 0.25 ? 1 : 0;
                    }
                }
            }
        }
        assertThat(people.size()).isGreaterThan(30);
        assertThat((double) through / pairs).isLessThan(4e-4);
    }

    @Test
    void somebodyFallsIfFallsAreWanted() {
        assertThat(lying(true)).isPositive();
        assertThat(lying(false)).isZero();
    }

    private static long lying(boolean falls) {
        Plaza plaza = Plaza.of(PlazaSettings.of(9).withFalls(falls));
        long count = 0;
        for (int i = 0; i < 240; i++) {
            for (ActorState actor : plaza.cast(plaza.settings().startNanos() + i * SECOND)) {
                count += actor instanceof PersonState p && p.lying() > 0.95 ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void everyPlaceInTheMiddleIsSeenByTwoCameras() {
        Plaza plaza = Plaza.of(PlazaSettings.of(6));
        for (double east = -10; east <= 10; east += 2) {
            for (double north = -7; north <= 7; north += 2) {
                WorldPoint place = WorldPoint.ground(east, north);
                long views = plaza.cameras().stream()
                        .filter(c -> c.model().sees(place))
                        .count();
                assertThat(views).as("(%f, %f)", east, north).isGreaterThanOrEqualTo(2);
            }
        }
    }

    @Test
    void theRosterSharesSensorsBetweenAllNodes() {
        Plaza plaza = Plaza.of(PlazaSettings.of(6).withSensors(4, 1, 3));
        assertThat(plaza.site().nodes()).containsExactly("node-1", "node-2", "node-3");
        for (String node : plaza.site().nodes()) {
            assertThat(plaza.site().sensorsOf(node)).isNotEmpty();
        }
        assertThat(plaza.site().sensors()).hasSize(5);
        assertThat(plaza.site().sensor("radar-1").orElseThrow().kind()).isEqualTo(SensorSpec.Kind.RADAR);
    }

    @Test
    void moreNodesThanSensorsAreRefused() {
        assertThatThrownBy(() -> PlazaSettings.of(1).withSensors(2, 0, 3))
                .hasMessageContaining("3 nodes cannot share 2");
    }

    @Test
    void nothingSimulatedPassesForReal() {
        Plaza plaza = Plaza.of(PlazaSettings.of(6));
        assertThat(plaza.truth(plaza.settings().startNanos())).allMatch(t -> t.origin() == Origin.SIMULATED);
        assertThat(plaza.cameras().getFirst().header(3).origin()).isEqualTo(Origin.SIMULATED);
        assertThat(plaza.radars().getFirst().scan(3).origin()).isEqualTo(Origin.SIMULATED);
    }

    @Test
    void exposuresAreStaggeredAndFoundAgainByTime() {
        Plaza plaza = Plaza.of(PlazaSettings.of(6));
        Set<Long> exposures = new HashSet<>();
        for (SimulatedCamera camera : plaza.cameras()) {
            assertThat(exposures.add(camera.exposureNanos(7))).isTrue();
            assertThat(camera.sequenceAt(camera.exposureNanos(7))).isEqualTo(7);
            assertThat(camera.sequenceAt(camera.exposureNanos(7) + 1)).isEqualTo(8);
        }
    }
}
