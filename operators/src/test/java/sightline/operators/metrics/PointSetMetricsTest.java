package sightline.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values from an independent computation (SciPy's assignment) and from the definitions by hand. */
class PointSetMetricsTest {
    private static final List<double[]> TRUTH = List.of(
            new double[] {8.6, 23.7}, new double[] {80.1, 58.2}, new double[] {9.4, 43.3}, new double[] {47.9, 16.0});
    private static final List<double[]> ESTIMATE = List.of(
            new double[] {1.7, 50.3},
            new double[] {81.9, 55.4},
            new double[] {7.1, 38.0},
            new double[] {90.0, 5.0},
            new double[] {10.0, 95.0});

    @Test
    void ospaAgreesWithAnIndependentComputation() {
        Ospa first = Ospa.of(TRUTH, ESTIMATE, 100, 1);
        assertThat(first.total()).isCloseTo(34.32533978307013, within(1e-9));
        assertThat(first.localisation()).isCloseTo(14.325339783070126, within(1e-9));
        assertThat(first.cardinality()).isCloseTo(20, within(1e-9));
        Ospa second = Ospa.of(TRUTH, ESTIMATE, 50, 2);
        assertThat(second.total()).isCloseTo(30.723020684821993, within(1e-9));
        assertThat(second.localisation()).isCloseTo(21.069029403368347, within(1e-9));
        assertThat(Ospa.of(ESTIMATE, TRUTH, 50, 2)).isEqualTo(second);
    }

    @Test
    void ospaOfEmptySetsIsZeroAndOfOneEmptySetTheCutoff() {
        assertThat(Ospa.of(List.of(), List.of(), 100, 1).total()).isZero();
        assertThat(Ospa.of(List.of(), TRUTH, 100, 1).total()).isEqualTo(100);
    }

    @Test
    void gospaPartsAgreeAndAddUp() {
        Gospa gospa = Gospa.of(TRUTH, ESTIMATE, 20, 2);
        assertThat(gospa.powered()).isCloseTo(926.11, within(1e-9));
        assertThat(gospa.localisation()).isCloseTo(326.11, within(1e-9));
        assertThat(gospa.missed()).isEqualTo(200);
        assertThat(gospa.falses()).isEqualTo(400);
        assertThat(Gospa.of(List.of(), ESTIMATE, 20, 2).powered()).isEqualTo(1000);
    }

    @Test
    void aChangeOfIdentityCostsInOspaOfTracksOnly() {
        TrackOspa kept = new TrackOspa(100, 1, 10);
        TrackOspa switched = new TrackOspa(100, 1, 10);
        double keptLast = 0;
        double switchedLast = 0;
        for (int k = 0; k < 10; k++) {
            Map<String, double[]> truth = Map.of("a", new double[] {k, 0});
            keptLast = kept.step(truth, Map.of("1", new double[] {k, 1}));
            switchedLast = switched.step(truth, Map.of(k < 5 ? "1" : "2", new double[] {k, 1}));
        }
        assertThat(keptLast).isCloseTo(1, within(1e-12));
        // One of the two halves is paired: mean of (5 x 1 m + 5 x 100 m) / 10 and one track too many at 100 m.
        assertThat(switchedLast).isCloseTo((50.5 + 100) / 2, within(1e-12));
    }
}
