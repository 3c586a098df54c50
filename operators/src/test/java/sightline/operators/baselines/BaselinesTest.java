package sightline.operators.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.Observation;
import sightline.operators.possibility.MaxMixture;

class BaselinesTest {
    private static MaxMixture term(double weight, double x, double variance) {
        MaxMixture out = new MaxMixture(4);
        out.add(
                Math.log(weight),
                new double[] {x, 0, 0, 0},
                0,
                new double[] {variance, 0, 0, 0, 0, variance, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                0);
        return out;
    }

    /** One term, one observation: w = p_D N / (kappa + p_D N) by hand. */
    @Test
    void gaussianMixturePhdUpdateIsTheTextbookFormula() {
        GmPhd phd = new GmPhd(new ConstantVelocity(1, ConstantVelocity.Kind.CONTINUOUS), 0.99);
        phd.intensity(term(0.5, 0, 1));
        phd.update(List.of(new Observation.Position(1, 0, 1, 0, 1, 0)), 0.9, 0.01);
        double likelihood = 0.9 * 0.5 * Math.exp(-0.25) / (2 * Math.PI * 2);
        // The missed copy (0.05) lies within the merging distance, so the weights add.
        double sum = likelihood / (0.01 + likelihood) + 0.1 * 0.5;
        assertThat(Math.exp(phd.intensity().logWeight(0))).isCloseTo(sum, within(1e-12));
    }

    @Test
    void outsideItsViewTheGaussianMixturePhdKeepsItsWeight() {
        GmPhd phd = new GmPhd(new ConstantVelocity(1, ConstantVelocity.Kind.CONTINUOUS), 0.99);
        phd.intensity(term(0.5, 100, 1));
        phd.update(List.of(), FieldOfView.disc(0, 0, 10), 0.9, 0.01);
        assertThat(Math.exp(phd.intensity().logWeight(0))).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void gciOfEqualIntensitiesIsTheIntensity() {
        MaxMixture one = term(0.8, 3, 2);
        MaxMixture fused = new GmPhdFusion().gci(List.of(one, one.copy(), one.copy()));
        assertThat(fused.size()).isEqualTo(1);
        assertThat(Math.exp(fused.logWeight(0))).isCloseTo(0.8, within(1e-9));
        assertThat(fused.covariances()[0]).isCloseTo(2, within(1e-9));
        MaxMixture average = new GmPhdFusion().average(List.of(one, one.copy()));
        assertThat(Math.exp(average.logWeight(0))).isCloseTo(0.8, within(1e-9));
    }

    @Test
    void covarianceIntersectionIsConservativeAndNaiveAveragingIsBlind() {
        MaxMixture a = term(1, 0, 1);
        MaxMixture b = term(1, 1, 4);
        MaxMixture fused = TrackAverages.covarianceIntersection(List.of(a, b));
        // C^-1 = (1/1 + 1/4) / 2, c = C (0/1 + 1/4) / 2.
        assertThat(fused.covariances()[0]).isCloseTo(1.6, within(1e-12));
        assertThat(fused.means()[0]).isCloseTo(0.2, within(1e-12));
        assertThat(TrackAverages.naive(List.of(a, b)).means()[0]).isEqualTo(0.5);
    }

    @Test
    void crossingBoxesKeepTheirIdentities() {
        BoxTracker tracker = new BoxTracker(0.3, 3, 1);
        Set<Integer> left = new TreeSet<>();
        for (int k = 0; k < 30; k++) {
            for (BoxTracker.Tracked t : tracker.step(
                    List.of(new double[] {10 + 5 * k, 10, 20, 50}, new double[] {10 + 5 * k, 200, 20, 50}))) {
                if (t.box()[1] < 100) {
                    left.add(t.id());
                }
            }
        }
        assertThat(left).hasSize(1);
        for (int k = 0; k < 5; k++) {
            assertThat(tracker.step(List.of())).isEmpty();
        }
        assertThat(tracker.step(List.of(new double[] {10, 10, 20, 50})).stream().map(BoxTracker.Tracked::id))
                .doesNotContainAnyElementsOf(left);
    }
}
