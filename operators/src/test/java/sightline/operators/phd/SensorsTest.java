package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SensorsTest {
    private static PresenceFilter filter() {
        return new PresenceFilter(
                PresenceSettings.standard(),
                new ConstantVelocity(0.5, ConstantVelocity.Kind.CONTINUOUS),
                LabelSource.counting("n", 1));
    }

    private static SensorScan scan(long tick, List<Observation> seen) {
        return new SensorScan(
                "s", tick, tick * 100_000_000L, Coverage.of(FieldOfView.EVERYWHERE, 0.9), Math.log(1e-8), seen);
    }

    @Test
    void radarAloneFindsAndFollowsATarget() {
        PresenceFilter filter = filter();
        SplittableRandom random = new SplittableRandom(1);
        for (int k = 0; k < 50; k++) {
            double x = 40 + 0.3 * k;
            double y = 20;
            filter.process(scan(
                    k,
                    List.of(new Observation.RangeBearing(
                            Math.hypot(x, y) + 0.5 * random.nextGaussian(),
                            Math.atan2(y, x) + 0.01 * random.nextGaussian(),
                            0.25,
                            1e-4,
                            0,
                            0,
                            Math.log(1e-3)))));
        }
        assertThat(filter.tracks().getFirst().confirmed()).isTrue();
        assertThat(filter.tracks().getFirst().where().means()[0]).isCloseTo(54.7, within(1.5));
        assertThat(filter.tracks().getFirst().where().means()[2]).isCloseTo(3, within(0.8));
    }

    @Test
    void twoBearingsSharpenATrackThatNeitherCouldStart() {
        PresenceFilter filter = filter();
        filter.process(scan(0, List.of(new Observation.Bearing(0.3, 1e-4, 0, 0, Math.log(1e-2)))));
        assertThat(filter.tracks()).isEmpty();
        filter.process(scan(1, List.of(new Observation.Position(10, 10, 4, 0, 4, Math.log(1e-3)))));
        double before = filter.tracks().getFirst().where().covariances()[0];
        for (int k = 2; k < 6; k++) {
            filter.process(scan(k, List.of(new Observation.Bearing(Math.PI / 4, 1e-4, 0, 0, Math.log(1e-3)))));
            filter.process(new SensorScan(
                    "t",
                    k,
                    k * 100_000_000L + 1,
                    Coverage.of(FieldOfView.EVERYWHERE, 0.9),
                    Double.NEGATIVE_INFINITY,
                    List.of(new Observation.Bearing(3 * Math.PI / 4, 1e-4, 20, 0, Math.log(1e-3)))));
        }
        assertThat(filter.tracks().getFirst().where().covariances()[0]).isLessThan(before / 20);
        assertThat(filter.tracks().getFirst().where().means()[0]).isCloseTo(10, within(0.3));
    }

    @Test
    void bearingsWrapAroundTheBackOfTheSensor() {
        Linearisation out = new Linearisation();
        new Observation.Bearing(-Math.PI + 0.01, 1e-4, 0, 0, -1).linearise(-10, 0.1, out);
        assertThat(out.e0).isCloseTo(0.02, within(1e-3));
    }

    @Test
    void outsideTheFieldOfViewAMissSaysNothing() {
        PresenceFilter filter = filter();
        for (int k = 0; k < 4; k++) {
            filter.process(scan(k, List.of(new Observation.Position(50, 0, 0.1, 0, 0.1, Math.log(1e-3)))));
        }
        double before = filter.tracks().getFirst().logAbsence();
        filter.update(new SensorScan(
                "blind",
                0,
                filter.timeNanos(),
                Coverage.of(FieldOfView.disc(0, 0, 20), 0.99),
                Double.NEGATIVE_INFINITY,
                List.of()));
        assertThat(filter.tracks().getFirst().logAbsence()).isEqualTo(before);
        filter.update(new SensorScan(
                "seeing",
                0,
                filter.timeNanos(),
                Coverage.of(FieldOfView.disc(50, 0, 20), 0.99),
                Double.NEGATIVE_INFINITY,
                List.of()));
        assertThat(filter.tracks().getFirst().logAbsence()).isGreaterThan(before);
    }

    @Test
    void fieldsOfViewHoldWhatTheyShould() {
        assertThat(FieldOfView.sector(0, 0, 10, Math.PI, 0.5).sees(-5, 0.1)).isTrue();
        assertThat(FieldOfView.sector(0, 0, 10, Math.PI, 0.5).sees(5, 0)).isFalse();
        assertThat(FieldOfView.polygon(0, 0, 10, 0, 10, 10, 0, 10).sees(9, 1)).isTrue();
        assertThat(FieldOfView.polygon(0, 0, 10, 0, 10, 10, 0, 10).sees(11, 1)).isFalse();
        assertThat(FieldOfView.rectangle(0, 0, 1, 1).sees(0.5, 2)).isFalse();
    }

    @Test
    void aThousandObservationsInAScanAndNoneAreBothFine() {
        PresenceFilter filter = filter();
        SplittableRandom random = new SplittableRandom(2);
        List<Observation> crowd = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            crowd.add(new Observation.Position(
                    random.nextDouble(300), random.nextDouble(300), 0.1, 0, 0.1, Math.log(1e-3)));
        }
        filter.process(scan(0, crowd));
        assertThat(filter.tracks()).hasSizeGreaterThan(900);
        filter.process(scan(1, List.of()));
        filter.process(scan(2, List.of()));
        filter.process(scan(3, List.of()));
        assertThat(filter.tracks()).isEmpty();
    }

    @Test
    void timeRunningBackwardsIsRefusedAndLeavesTheStateAlone() {
        PresenceFilter filter = filter();
        filter.process(scan(5, List.of(new Observation.Position(1, 1, 0.1, 0, 0.1, -7))));
        double before = filter.tracks().getFirst().where().covariances()[0];
        assertThatThrownBy(() -> filter.process(scan(4, List.of()))).isInstanceOf(IllegalArgumentException.class);
        assertThat(filter.tracks().getFirst().where().covariances()[0]).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void numbersThatAreNoneAreRefusedWhenTheObservationIsMade(double bad) {
        assertThatThrownBy(() -> new Observation.Position(bad, 0, 1, 0, 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Observation.Position(0, 0, bad, 0, 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Observation.Bearing(bad, 1, 0, 0, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Observation.RangeBearing(bad, 0, 1, 1, 0, 0, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Observation.Position(0, 0, 1, 1, 1, -1))
                .hasMessageContaining("not positive definite");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void replayedLateScansGiveTheVeryResultOfInOrderArrival(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<SensorScan> scans = new ArrayList<>();
        for (int k = 0; k < 60; k++) {
            List<Observation> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                seen.add(new Observation.Position(
                        10 * i + 0.1 * k + 0.3 * random.nextGaussian(),
                        0.3 * random.nextGaussian(),
                        0.09,
                        0,
                        0.09,
                        Math.log(1e-3)));
            }
            scans.add(scan(k, seen));
        }
        ReplayWindow inOrder = new ReplayWindow(filter(), 1_000_000_000L, 100);
        scans.forEach(inOrder::offer);
        ReplayWindow mixed = new ReplayWindow(filter(), 1_000_000_000L, 100);
        List<SensorScan> late = new ArrayList<>(scans);
        for (int i = 0; i + 4 < late.size(); i += 7) {
            late.add(i + 4, late.remove(i));
        }
        late.forEach(mixed::offer);
        assertThat(mixed.filter().save())
                .usingRecursiveComparison()
                .isEqualTo(inOrder.filter().save());
        assertThat(mixed.offer(scans.get(58))).isEqualTo(ReplayWindow.Outcome.DUPLICATE);
        assertThat(mixed.offer(scans.getFirst())).isEqualTo(ReplayWindow.Outcome.TOO_LATE);
    }
}
