package sightline.operators.possibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every identity against a maximum over a fine grid, in one dimension. */
class GaussianIdentitiesTest {
    private static final MaxMixture A = mixture(1.0, 0, 4, 0.4, 6, 1);
    private static final MaxMixture B = mixture(0.7, 0.8, 2, 1.0, 5.5, 3, 0.2, -9, 1);

    static MaxMixture mixture(double... weightMeanVariance) {
        MaxMixture out = new MaxMixture(1);
        for (int i = 0; i < weightMeanVariance.length; i += 3) {
            out.add(Math.log(weightMeanVariance[i]), weightMeanVariance, i + 1, weightMeanVariance, i + 2);
        }
        return out;
    }

    @Test
    void productOfMixturesIsTheMixtureOfAllPairs() {
        MaxMixture product = new MaxMixture(1);
        new MixtureProduct(1).multiply(A, B, Double.POSITIVE_INFINITY, product);
        for (double x = -15; x < 15; x += 0.37) {
            assertThat(product.logAt(x)).isCloseTo(A.logAt(x) + B.logAt(x), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.37, 0.5, 1})
    void powerOfAMaximumIsTheMaximumOfPowers(double o) {
        MaxMixture power = B.copy();
        power.power(o);
        for (double x = -15; x < 15; x += 0.37) {
            assertThat(power.logAt(x)).isCloseTo(o * B.logAt(x), within(1e-12));
        }
    }

    @Test
    void supConvolutionIsTheGridMaximum() {
        MaxMixture moved = A.copy();
        moved.supConvolve(new double[] {0.97}, new double[] {2});
        for (double x = -5; x < 10; x += 0.5) {
            double best = Double.NEGATIVE_INFINITY;
            for (double from = -40; from < 40; from += 0.001) {
                double e = x - 0.97 * from;
                best = Math.max(best, A.logAt(from) - 0.5 * e * e / 2);
            }
            assertThat(moved.logAt(x)).isCloseTo(best, within(1e-6));
        }
    }

    @Test
    void powerAndSupConvolutionCommute() {
        double o = 0.3;
        MaxMixture first = A.copy();
        first.supConvolve(new double[] {0.97}, new double[] {2});
        first.power(o);
        MaxMixture second = A.copy();
        second.power(o);
        second.supConvolve(new double[] {0.97}, new double[] {2 / o});
        for (double x = -9; x < 12; x += 0.61) {
            assertThat(first.logAt(x)).isCloseTo(second.logAt(x), within(1e-12));
        }
    }

    @Test
    void dominanceHoldsExactlyUpToItsConstant() {
        double edge = Math.exp(-0.5 * 1.5 * 1.5 / (9 - 4));
        MixtureReduction reduction = new MixtureReduction(1);
        assertThat(reduction.dominates(mixture(1, 0, 9, edge * 0.999, 1.5, 4), 0, 1))
                .isTrue();
        assertThat(reduction.dominates(mixture(1, 0, 9, edge * 1.001, 1.5, 4), 0, 1))
                .isFalse();
        assertThat(reduction.dominates(mixture(1, 0, 4, 0.1, 0, 9), 0, 1)).isFalse();
        double least = Double.POSITIVE_INFINITY;
        for (double x = -30; x < 30; x += 0.001) {
            least = Math.min(least, -0.5 * x * x / 9 + 0.5 * (x - 1.5) * (x - 1.5) / 4);
        }
        assertThat(Math.exp(least)).isCloseTo(edge, within(1e-6));
    }

    @Test
    void geometricMeanOfAFunctionWithItselfIsTheFunction() {
        MaxMixture left = B.copy();
        left.power(0.3);
        MaxMixture right = B.copy();
        right.power(0.7);
        MaxMixture mean = new MaxMixture(1);
        new MixtureProduct(1).multiply(left, right, Double.POSITIVE_INFINITY, mean);
        for (double x = -15; x < 15; x += 0.37) {
            assertThat(mean.logAt(x)).isCloseTo(B.logAt(x), within(1e-12));
        }
    }

    @Test
    void geometricMeanIsSymmetricUnderExchangeOfNodesAndWeights() {
        MaxMixture ab = mean(A, B, 0.37);
        MaxMixture ba = mean(B, A, 0.63);
        for (double x = -15; x < 15; x += 0.37) {
            assertThat(ab.logAt(x)).isCloseTo(ba.logAt(x), within(1e-12));
            assertThat(ab.logAt(x)).isCloseTo(0.37 * A.logAt(x) + 0.63 * B.logAt(x), within(1e-12));
        }
    }

    @Test
    void reductionKeepsModesAndNeverAddsWeights() {
        MaxMixture f = mixture(0.5, 0, 1, 0.6, 0.4, 1, 0.3, 9, 1, 1e-9, 20, 1);
        new MixtureReduction(1).reduce(f, Math.log(1e-6), 4, 10);
        assertThat(f.size()).isEqualTo(2);
        assertThat(f.means()[0]).isEqualTo(0.4);
        assertThat(f.logWeight(0)).isEqualTo(Math.log(0.6));
        assertThat(f.means()[1]).isEqualTo(9);
    }

    @Test
    void alphaCutIsTheSetOfCrediblePoints() {
        assertThat(AlphaCut.contains(A, 0.5, Math.sqrt(2 * 4 * Math.log(2)) - 1e-9))
                .isTrue();
        assertThat(AlphaCut.contains(A, 0.5, Math.sqrt(2 * 4 * Math.log(2)) + 1e-9))
                .isFalse();
        assertThat(AlphaCut.squaredRadius(A, 1, 0.5)).isNegative();
    }

    private static MaxMixture mean(MaxMixture f, MaxMixture g, double o) {
        MaxMixture left = f.copy();
        left.power(o);
        MaxMixture right = g.copy();
        right.power(1 - o);
        MaxMixture out = new MaxMixture(1);
        new MixtureProduct(1).multiply(left, right, Double.POSITIVE_INFINITY, out);
        return out;
    }
}
