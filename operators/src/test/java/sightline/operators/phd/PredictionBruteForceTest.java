package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.possibility.MaxMixture;

/**
 * Prediction in product form against what it stands for: each target of a set was born, or is the image of a target of the
 * set before, whose place is searched on a grid; whoever else there was may be gone. Targets move east only, so the grid has
 * two dimensions.
 */
class PredictionBruteForceTest {
    private static final double SECONDS = 1;
    private static final double NOISE = 0.8;
    private static final double REACH = 8;
    private static final double STEP = 0.02;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void predictionEqualsEnumerationOfBirthsAndOfEarlierPlaces(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MaxMixture before = mixture(random, 3);
        MaxMixture births = mixture(random, 2);
        PossibilisticPhd phd = new PossibilisticPhd(
                new ConstantVelocity(NOISE, ConstantVelocity.Kind.CONTINUOUS), 16, Math.log(1e-300), 0, 100);
        phd.join(before);
        phd.predict(SECONDS);
        phd.join(births);
        double[] singles = new double[3];
        List<double[]> set = new ArrayList<>();
        for (int i = 0; i < singles.length; i++) {
            double[] x = {random.nextDouble(-3, 3), 0, random.nextDouble(-1, 1), 0};
            set.add(x);
            singles[i] = phd.presence().logAt(x);
            assertThat(singles[i]).isCloseTo(Math.max(births.logAt(x), moved(before, x)), within(2e-3));
        }
        assertThat(joint(set, before, births)).isCloseTo(singles[0] + singles[1] + singles[2], within(6e-3));
    }

    /** The best story of a whole set, over all choices of who was born. */
    private static double joint(List<double[]> set, MaxMixture before, MaxMixture births) {
        double best = Double.NEGATIVE_INFINITY;
        double[] born = set.stream().mapToDouble(births::logAt).toArray();
        double[] came = set.stream().mapToDouble(x -> moved(before, x)).toArray();
        for (int story = 0; story < 1 << set.size(); story++) {
            double log = 0;
            for (int i = 0; i < set.size(); i++) {
                log += (story >> i & 1) == 1 ? born[i] : came[i];
            }
            best = Math.max(best, log);
        }
        return best;
    }

    /** The supremum over earlier places and speeds, by search. */
    private static double moved(MaxMixture before, double[] x) {
        double t = SECONDS;
        double q = NOISE;
        // White acceleration over t: position and speed vary together.
        double pp = q * t * t * t / 3;
        double pv = q * t * t / 2;
        double vv = q * t;
        double determinant = pp * vv - pv * pv;
        double best = Double.NEGATIVE_INFINITY;
        for (double v = -REACH / 2; v <= REACH / 2; v += STEP) {
            for (double p = x[0] - v * t - 2; p <= x[0] - v * t + 2; p += STEP) {
                double dp = x[0] - p - v * t;
                double dv = x[2] - v;
                double step = -0.5 * (vv * dp * dp - 2 * pv * dp * dv + pp * dv * dv) / determinant;
                if (step > best) {
                    best = Math.max(best, step + along(before, p, v));
                }
            }
        }
        return best;
    }

    /** Log-credibility of a target that stood at p with speed v, both eastward; the covariances are diagonal. */
    private static double along(MaxMixture f, double p, double v) {
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < f.size(); i++) {
            double dp = p - f.means()[i * 4];
            double dv = v - f.means()[i * 4 + 2];
            double d2 = dp * dp / f.covariances()[i * 16] + dv * dv / f.covariances()[i * 16 + 10];
            best = Math.max(best, f.logWeight(i) - 0.5 * d2);
        }
        return best;
    }

    private static MaxMixture mixture(SplittableRandom random, int terms) {
        MaxMixture out = new MaxMixture(4, terms);
        for (int i = 0; i < terms; i++) {
            double[] mean = {random.nextDouble(-3, 3), 0, random.nextDouble(-1, 1), 0};
            double[] covariance = new double[16];
            covariance[0] = random.nextDouble(0.5, 2);
            covariance[5] = 1;
            covariance[10] = random.nextDouble(0.5, 2);
            covariance[15] = 1;
            out.add(-random.nextDouble(0, 2), mean, 0, covariance, 0);
        }
        return out;
    }
}
