package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import sightline.operators.possibility.MaxMixture;

class MotionTest {
    private static MaxMixture state() {
        MaxMixture out = new MaxMixture(4, 1);
        out.add(0, new double[] {1, 2, 3, -1}, 0, new double[] {4, 1, 0, 0, 1, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2}, 0);
        return out;
    }

    @Test
    void constantVelocityIsTheSupConvolutionWithItsKernel() {
        double t = 0.7;
        MaxMixture fast = state();
        new ConstantVelocity(5, ConstantVelocity.Kind.PIECEWISE).predict(fast, t, 1);
        MaxMixture slow = state();
        double p = 25 * t * t * t * t / 4;
        double c = 25 * t * t * t / 2;
        double v = 25 * t * t;
        slow.supConvolve(
                new double[] {1, 0, t, 0, 0, 1, 0, t, 0, 0, 1, 0, 0, 0, 0, 1},
                new double[] {p, 0, c, 0, 0, p, 0, c, c, 0, v, 0, 0, c, 0, v});
        for (int k = 0; k < 16; k++) {
            assertThat(fast.covariances()[k]).isCloseTo(slow.covariances()[k], within(1e-12));
        }
        for (int k = 0; k < 4; k++) {
            assertThat(fast.means()[k]).isCloseTo(slow.means()[k], within(1e-12));
        }
    }

    @Test
    void continuousNoiseDoesNotCareHowTimeIsCut() {
        Motion motion = new ConstantVelocity(2, ConstantVelocity.Kind.CONTINUOUS);
        MaxMixture once = state();
        motion.predict(once, 1, 1);
        MaxMixture often = state();
        for (int i = 0; i < 10; i++) {
            motion.predict(often, 0.1, 1);
        }
        for (int k = 0; k < 16; k++) {
            assertThat(often.covariances()[k]).isCloseTo(once.covariances()[k], within(1e-9));
        }
    }

    @Test
    void predictionCommutesWithPowers() {
        Motion motion = new ConstantVelocity(2, ConstantVelocity.Kind.CONTINUOUS);
        MaxMixture first = state();
        motion.predict(first, 1, 1);
        first.power(0.25);
        MaxMixture second = state();
        second.power(0.25);
        motion.predict(second, 1, 0.25);
        for (int k = 0; k < 16; k++) {
            assertThat(second.covariances()[k]).isCloseTo(first.covariances()[k], within(1e-9));
        }
    }

    @Test
    void timeNeverRunsBackwards() {
        Motion motion = new ConstantVelocity(2, ConstantVelocity.Kind.CONTINUOUS);
        assertThatThrownBy(() -> motion.predict(state(), -0.1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> motion.predict(state(), Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTurnTurnsTheVelocityAndStraightOnStaysFullyCredible() {
        CoordinatedTurn turn = new CoordinatedTurn(
                new ConstantVelocity(0.01, ConstantVelocity.Kind.CONTINUOUS),
                new double[] {Math.PI / 2, -Math.PI / 2},
                Math.log(0.1),
                8);
        MaxMixture f = new MaxMixture(4, 1);
        f.add(
                0,
                new double[] {0, 0, 1, 0},
                0,
                new double[] {.01, 0, 0, 0, 0, .01, 0, 0, 0, 0, .01, 0, 0, 0, 0, .01},
                0);
        turn.predict(f, 1, 1);
        assertThat(f.size()).isEqualTo(3);
        assertThat(f.logWeight(0)).isZero();
        assertThat(f.logWeight(1)).isCloseTo(Math.log(0.1), within(1e-12));
        // A quarter turn to the left from going east: north, and 2/pi along both axes.
        assertThat(f.means()[4]).isCloseTo(2 / Math.PI, within(1e-12));
        assertThat(f.means()[5]).isCloseTo(2 / Math.PI, within(1e-12));
        assertThat(f.means()[6]).isCloseTo(0, within(1e-12));
        assertThat(f.means()[7]).isCloseTo(1, within(1e-12));
    }
}
