package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** What nobody should send: a clear error or a defined result, and what was known stays known. */
class BadInputTest {
    private final Network network = new Network(2, FusionSettings.standard(), (a, b) -> true);
    private final FusionNode node = network.nodes.getFirst();

    BadInputTest() {
        Random random = new Random(1);
        for (long tick = 1; tick <= 20; tick++) {
            for (int s = 0; s < 2; s++) {
                network.nodes.get(s).onScan(network.scan(s, tick, 0.1 * tick + 0.2 * random.nextGaussian(), 0));
            }
            network.tick(tick);
        }
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of("singular covariance", new Measurement.Position(1, 1, 1, 1, 1, 1), "singular"),
                Arguments.of("negative variance", new Measurement.Position(1, 1, -1, 0, -1, 1), "positive definite"),
                Arguments.of("no number", new Measurement.Position(Double.NaN, 1, 1, 0, 1, 1), "position"),
                Arguments.of(
                        "no number for a variance", new Measurement.Position(1, 1, Double.NaN, 0, 1, 1), "singular"),
                Arguments.of("endless", new Measurement.Position(Double.POSITIVE_INFINITY, 1, 1, 0, 1, 1), "position"),
                Arguments.of("bearing that is none", new Measurement.Bearing(Double.NaN, 0.01, 1), "bearing"),
                Arguments.of("bearing without spread", new Measurement.Bearing(0, 0, 1), "singular"),
                Arguments.of("negative range", new Measurement.RangeBearing(-5, 0, 1, 0.01, 1), "range"),
                Arguments.of("score above one", new Measurement.Position(1, 1, 1, 0, 1, 7), "score"),
                Arguments.of("score that is no number", new Measurement.Position(1, 1, 1, 0, 1, Double.NaN), "score"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void aMeasurementThatNoFilterCanUseIsRefusedByName(String row, Measurement bad, String cause) {
        byte[] before = node.snapshot();
        assertThatThrownBy(() -> node.onScan(scan(21, List.of(new Measurement.Position(2, 0, 0.1, 0, 0.1, 1), bad))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(cause);
        assertThat(node.snapshot()).isEqualTo(before);
        assertThat(node.onScan(network.scan(0, 21, 2.1, 0))).isEqualTo(FusionNode.Outcome.ACCEPTED);
    }

    @Test
    void timeThatRunsBackwardsIsRefusedForTicksAndNamedForScans() {
        byte[] before = node.snapshot();
        assertThatThrownBy(() -> node.tick(19)).hasMessageContaining("tick 19 is not after tick 20");
        assertThat(node.snapshot()).isEqualTo(before);
        assertThat(node.onScan(network.scan(0, 2, 0.2, 0))).isEqualTo(FusionNode.Outcome.TOO_LATE);
        network.tick(21);
        assertThat(node.fused().tracks()).hasSize(1);
    }

    @Test
    void emptyScansAreAStatementAndTheTargetFades() {
        double absence = node.fused().tracks().getFirst().absence();
        for (long tick = 21; tick <= 23; tick++) {
            network.nodes.get(0).onScan(network.scan(0, tick));
            network.nodes.get(1).onScan(network.scan(1, tick));
            network.tick(tick);
        }
        assertThat(node.fused().table().getFirst().logAbsence()).isGreaterThan(Math.log(absence));
        for (long tick = 24; tick <= 60; tick++) {
            network.nodes.get(0).onScan(network.scan(0, tick));
            network.nodes.get(1).onScan(network.scan(1, tick));
            network.tick(tick);
        }
        assertThat(node.fused().tracks()).isEmpty();
    }

    @Test
    void aThousandMeasurementsInAScanLoseNothing() {
        SplittableRandom random = new SplittableRandom(3);
        List<Measurement> crowd = new ArrayList<>();
        crowd.add(new Measurement.Position(2.1, 0, 0.1, 0, 0.1, 1));
        for (int i = 1; i < 1000; i++) {
            crowd.add(
                    new Measurement.Position(random.nextDouble(-500, 500), random.nextDouble(20, 500), 0.1, 0, 0.1, 1));
        }
        assertThat(node.onScan(scan(21, crowd))).isEqualTo(FusionNode.Outcome.ACCEPTED);
        network.tick(21);
        assertThat(node.fused().tracks()).hasSize(1);
        assertThat(node.fused().table()).hasSizeGreaterThan(500);
        assertThat(network.nodes.get(1).fused().table())
                .hasSameSizeAs(node.fused().table());
    }

    @Test
    void twoSensorsOfOneNameAreNoRoster() {
        SensorSpec sensor = new SensorSpec("eye", SensorSpec.Kind.POSITION, "a", Optional.empty(), 0, 0, 60, 0.9, 2);
        List<SensorSpec> twice = List.of(sensor, sensor);
        assertThatThrownBy(() -> new Site("yard", List.of("a"), twice, List.of(), List.of(), Network.TICK))
                .hasMessageContaining("eye stands twice");
    }

    /** Two devices under one name are told by their numbering: the copy of a number is dropped, whatever it holds. */
    @Test
    void twoDevicesUnderOneNameNeverCountTwice() {
        assertThat(node.onScan(network.scan(0, 21, 2.1, 0))).isEqualTo(FusionNode.Outcome.ACCEPTED);
        byte[] before = node.snapshot();
        assertThat(node.onScan(network.scan(0, 21, 50, 50))).isEqualTo(FusionNode.Outcome.DUPLICATE);
        assertThat(node.snapshot()).isEqualTo(before);
    }

    @Test
    void aDoubtfulMeasurementCarriesATrackOnButStartsNone() {
        for (long tick = 21; tick <= 40; tick++) {
            double east = 0.1 * tick;
            node.onScan(scan(
                    tick,
                    List.of(
                            new Measurement.Position(east, 0, 0.1, 0, 0.1, 0.2),
                            new Measurement.Position(30, 30, 0.1, 0, 0.1, 0.2))));
            network.tick(tick);
        }
        assertThat(node.fused().tracks()).hasSize(1);
        assertThat(node.fused().tracks().getFirst().east()).isBetween(3.0, 5.0);
    }

    private static Scan scan(long tick, List<Measurement> measurements) {
        return new Scan(
                "s0",
                0,
                tick,
                ObservationTime.at(tick * Network.TICK - Network.TICK / 2, "test"),
                Origin.SIMULATED,
                0,
                0,
                measurements,
                "",
                "");
    }
}
