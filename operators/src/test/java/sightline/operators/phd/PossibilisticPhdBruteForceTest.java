package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.possibility.MaxMixture;

/**
 * The product-form recursion against enumeration of all target sets and associations. Targets live on four known points
 * (terms of almost no width), so that the mixture filter and the enumeration speak of the same thing.
 */
class PossibilisticPhdBruteForceTest {
    private static final int POINTS = 4;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void updateEqualsEnumerationOfAllSetsAndAssociations(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 15; trial++) {
            int m = random.nextInt(4);
            double[] presence = new double[POINTS];
            double[] miss = new double[POINTS];
            double[][] place = new double[POINTS][];
            for (int i = 0; i < POINTS; i++) {
                presence[i] = 0.05 + 0.95 * random.nextDouble();
                miss[i] = 0.05 + 0.95 * random.nextDouble();
                place[i] = new double[] {3 * random.nextDouble(), 3 * random.nextDouble()};
            }
            List<Observation> seen = new ArrayList<>();
            double[] falseAlarm = new double[m];
            for (int j = 0; j < m; j++) {
                falseAlarm[j] = Math.pow(random.nextDouble(), 2) + 1e-3;
                falseAlarm[j] = Math.min(1, falseAlarm[j]);
                seen.add(new Observation.Position(
                        3 * random.nextDouble(), 3 * random.nextDouble(), 1, 0, 1, Math.log(falseAlarm[j])));
            }
            double[][] likelihood = new double[m][POINTS];
            for (int j = 0; j < m; j++) {
                Observation.Position y = (Observation.Position) seen.get(j);
                for (int i = 0; i < POINTS; i++) {
                    double d2 = Math.pow(y.east() - place[i][0], 2) + Math.pow(y.north() - place[i][1], 2);
                    likelihood[j][i] = Math.exp(-0.5 * d2);
                }
            }
            double[] formula = filter(presence, miss, place, seen);
            check(presence, miss, likelihood, falseAlarm, formula);
        }
    }

    private static void check(
            double[] presence, double[] miss, double[][] likelihood, double[] falseAlarm, double[] formula) {
        int m = falseAlarm.length;
        Map<List<Integer>, Double> joint = new LinkedHashMap<>();
        multisets(new ArrayList<>(), 0, m + 1, joint);
        double z = 0;
        for (Map.Entry<List<Integer>, Double> entry : joint.entrySet()) {
            double prior = 1;
            for (int x : entry.getKey()) {
                prior *= presence[x];
            }
            entry.setValue(prior * associate(entry.getKey(), 0, new boolean[m], miss, likelihood, falseAlarm));
            z = Math.max(z, entry.getValue());
        }
        double normaliser = 1;
        for (int j = 0; j < m; j++) {
            double g = 0;
            for (int i = 0; i < POINTS; i++) {
                g = Math.max(g, likelihood[j][i] * presence[i]);
            }
            normaliser *= Math.max(falseAlarm[j], g);
        }
        assertThat(z).as("normaliser is the product of best explanations").isCloseTo(normaliser, within(1e-12));
        for (int i = 0; i < POINTS; i++) {
            double exact = 0;
            for (Map.Entry<List<Integer>, Double> entry : joint.entrySet()) {
                if (entry.getKey().contains(i)) {
                    exact = Math.max(exact, entry.getValue() / z);
                }
            }
            assertThat(formula[i]).as("presence at point %d", i).isCloseTo(exact, within(1e-8));
        }
        for (Map.Entry<List<Integer>, Double> entry : joint.entrySet()) {
            double bound = 1;
            for (int x : entry.getKey()) {
                bound *= formula[x];
            }
            assertThat(entry.getValue() / z).as("product form dominates").isLessThanOrEqualTo(bound * (1 + 1e-8));
        }
    }

    /** Runs the mixture filter with one narrow term a point and reads the presence at each point back. */
    private static double[] filter(double[] presence, double[] miss, double[][] place, List<Observation> seen) {
        MaxMixture prior = new MaxMixture(4);
        double width = 1e-12;
        for (int i = 0; i < POINTS; i++) {
            prior.add(
                    Math.log(presence[i]),
                    new double[] {place[i][0], place[i][1], 0, 0},
                    0,
                    new double[] {width, 0, 0, 0, 0, width, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                    0);
        }
        PossibilisticPhd phd =
                new PossibilisticPhd(new ConstantVelocity(1, ConstantVelocity.Kind.CONTINUOUS), 1e9, -1e9, 0, 1000);
        phd.join(prior);
        Coverage coverage = new Coverage() {
            @Override
            public double logDetection(double east, double north) {
                return 0;
            }

            @Override
            public double logMiss(double east, double north) {
                int nearest = 0;
                for (int i = 0; i < POINTS; i++) {
                    if (Math.hypot(place[i][0] - east, place[i][1] - north)
                            < Math.hypot(place[nearest][0] - east, place[nearest][1] - north)) {
                        nearest = i;
                    }
                }
                return Math.log(miss[nearest]);
            }
        };
        phd.update(new SensorScan("s", 0, 0, coverage, Double.NEGATIVE_INFINITY, seen));
        double[] out = new double[POINTS];
        MaxMixture f = phd.presence();
        for (int c = 0; c < f.size(); c++) {
            for (int i = 0; i < POINTS; i++) {
                if (Math.hypot(place[i][0] - f.means()[c * 4], place[i][1] - f.means()[c * 4 + 1]) < 1e-6) {
                    out[i] = Math.max(out[i], Math.exp(f.logWeight(c)));
                }
            }
        }
        return out;
    }

    private static void multisets(List<Integer> set, int from, int left, Map<List<Integer>, Double> out) {
        out.put(List.copyOf(set), 0.0);
        for (int x = from; left > 0 && x < POINTS; x++) {
            set.add(x);
            multisets(set, x, left - 1, out);
            set.removeLast();
        }
    }

    private static double associate(
            List<Integer> set, int at, boolean[] used, double[] miss, double[][] likelihood, double[] falseAlarm) {
        if (at == set.size()) {
            double value = 1;
            for (int j = 0; j < used.length; j++) {
                value *= used[j] ? 1 : falseAlarm[j];
            }
            return value;
        }
        int x = set.get(at);
        double best = miss[x] * associate(set, at + 1, used, miss, likelihood, falseAlarm);
        for (int j = 0; j < used.length; j++) {
            if (!used[j]) {
                used[j] = true;
                best = Math.max(best, likelihood[j][x] * associate(set, at + 1, used, miss, likelihood, falseAlarm));
                used[j] = false;
            }
        }
        return best;
    }
}
