package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

/** Tracks of nothing do not pile up: neither what disagreeing nodes hand each other nor what has left everybody's view. */
class GhostsTest {
    private static final long TICK = 100_000_000L;

    private static TrackHypothesis track(long counter, double logPresence, double logAbsence) {
        MaxMixture where = new MaxMixture(4);
        double[] covariance = new double[16];
        for (int k = 0; k < 4; k++) {
            covariance[k * 5] = 0.25;
        }
        where.add(0, new double[] {counter, 0, 0, 0}, 0, covariance, 0);
        return new TrackHypothesis(new TrackLabel("b", 1, counter), 0, logPresence, logAbsence, where);
    }

    @Test
    void nodeTakesFromAnotherPriorOnlyWhatIsFullyCredibleThere() {
        List<TrackHypothesis> fused = new ArrayList<>();
        new AlienBeliefs().fold(fused, List.of(List.of(track(1, 0, -6), track(2, -1e-3, 0), track(3, -9, 0))));
        assertThat(fused).singleElement().satisfies(taken -> {
            assertThat(taken.label().counter()).isEqualTo(1);
            assertThat(taken.logAbsence()).isEqualTo(-3);
            assertThat(taken.where().covariances()[0]).isEqualTo(0.5);
        });
    }

    @Test
    void trackThatLeftTheViewIsForgottenOnceItCouldBeAnywhere() {
        FusionNode node = new FusionNode(
                new Site(
                        "yard",
                        List.of("a"),
                        List.of(new SensorSpec(
                                "s", SensorSpec.Kind.POSITION, "a", Optional.empty(), 0, 0, 10, 0.9, 0.1)),
                        List.of(),
                        List.of(),
                        TICK),
                "a",
                1,
                FusionSettings.standard());
        for (long tick = 1; tick <= 40; tick++) {
            node.onScan(scan(tick, 6.5 + 0.1 * tick));
            node.tick(tick);
        }
        assertThat(node.fused().tracks()).hasSize(1);
        for (long tick = 41; tick <= 60; tick++) {
            node.tick(tick);
        }
        assertThat(node.fused().tracks()).hasSize(1);
        for (long tick = 61; tick <= 120; tick++) {
            node.tick(tick);
        }
        assertThat(node.fused().table()).isEmpty();
    }

    private static Scan scan(long tick, double east) {
        List<Measurement> seen = east < 10 ? List.of(new Measurement.Position(east, 0, 0.04, 0, 0.04, 1)) : List.of();
        return new Scan(
                "s", 0, tick, ObservationTime.at(tick * TICK - TICK / 2, "test"), Origin.SIMULATED, 0, 0, seen, "", "");
    }
}
