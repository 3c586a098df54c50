package sightline.operators.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Observation;
import sightline.operators.possibility.MaxMixture;

class LmbTest {
    private static MaxMixture place(double x, double variance) {
        MaxMixture out = new MaxMixture(4);
        out.add(
                0,
                new double[] {x, 0, 0, 0},
                0,
                new double[] {variance, 0, 0, 0, 0, variance, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                0);
        return out;
    }

    private static Lmb filter(double existence) {
        Lmb lmb = new Lmb(new ConstantVelocity(1, ConstantVelocity.Kind.CONTINUOUS), 0.99);
        lmb.predict(0, place(0, 1), existence);
        return lmb;
    }

    private static Observation at(double x) {
        return new Observation.Position(x, 0, 1, 0, 1, 0);
    }

    /** One track: the Bernoulli filter, r' = r (1 - pD + pD N / kappa) / (1 - r pD + r pD N / kappa). */
    @Test
    void oneTrackIsTheBernoulliFilter() {
        Lmb lmb = filter(0.5);
        lmb.update(List.of(at(1)), 0.9, 0.01);
        double ratio = 0.9 * Math.exp(-0.25) / (4 * Math.PI) / 0.01;
        double expected = 0.5 * (0.1 + ratio) / (1 - 0.45 + 0.5 * ratio);
        assertThat(lmb.existences()[0]).isCloseTo(expected, within(1e-9));
    }

    @Test
    void missesLowerExistence() {
        Lmb lmb = filter(0.5);
        lmb.update(List.of(), 0.9, 0.01);
        assertThat(lmb.existences()[0]).isCloseTo(0.05 / 0.55, within(1e-12));
    }

    /** With one track and the reduction out of the way, sensors in turn and sensors in parallel are the same Bayes rule. */
    @Test
    void parallelUpdateOfOneTrackEqualsSequentialUpdates() {
        Lmb turn = filter(0.3);
        Lmb parallel = filter(0.3);
        List<List<Observation>> scans = List.of(List.of(at(0.4)), List.of(at(-0.3)), List.of());
        scans.forEach(scan -> turn.update(scan, 0.8, 0.01));
        parallel.parallelUpdate(scans, 0.8, 0.01);
        assertThat(parallel.existences()[0]).isCloseTo(turn.existences()[0], within(1e-3));
        assertThat(parallel.extract(0.5).getFirst()[0])
                .isCloseTo(turn.extract(0.5).getFirst()[0], within(0.02));
    }

    /** Against enumeration of all assignments; belief propagation is exact only on trees, near it on small graphs. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void beliefPropagationIsCloseToEnumeration(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] weights = new double[6];
        for (int i = 0; i < 6; i++) {
            weights[i] = random.nextDouble(0.1, 3);
        }
        double[] exact = new double[6];
        double total = 0;
        for (int a = -1; a < 3; a++) {
            for (int b = -1; b < 3; b++) {
                if (a >= 0 && a == b) {
                    continue;
                }
                double p = (a < 0 ? 1 : weights[a]) * (b < 0 ? 1 : weights[3 + b]);
                total += p;
                if (a >= 0) {
                    exact[a] += p;
                }
                if (b >= 0) {
                    exact[3 + b] += p;
                }
            }
        }
        double[] marginals = weights.clone();
        double[] none = new double[2];
        new AssociationMarginals().solve(marginals, 2, 3, none);
        for (int i = 0; i < 6; i++) {
            assertThat(marginals[i]).isCloseTo(exact[i] / total, within(0.05));
        }
        assertThat(none[0] + marginals[0] + marginals[1] + marginals[2]).isCloseTo(1, within(1e-6));
    }
}
