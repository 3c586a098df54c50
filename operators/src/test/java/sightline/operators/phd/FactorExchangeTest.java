package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.possibility.MaxMixture;

/**
 * Plain PHD, decentralised by exchange of the update factors: a factor is fixed by the scan and the common prediction, so
 * nodes flood their scans and multiply all factors.
 */
class FactorExchangeTest {
    private static final int NODES = 5;

    @ParameterizedTest
    @ValueSource(strings = {"line", "ring", "star"})
    void everyNodeOfAConnectedGraphEqualsTheCentralParallelUpdate(String graph) {
        SplittableRandom random = new SplittableRandom(graph.hashCode());
        List<PossibilisticPhd> nodes = new ArrayList<>();
        for (int i = 0; i <= NODES; i++) {
            nodes.add(new PossibilisticPhd(
                    new ConstantVelocity(0.5, ConstantVelocity.Kind.CONTINUOUS), 16, Math.log(1e-8), 9, 100));
        }
        PossibilisticPhd central = nodes.removeLast();
        for (int step = 0; step < 30; step++) {
            List<SensorScan> scans = new ArrayList<>();
            for (int s = 0; s < NODES; s++) {
                scans.add(scan(s, step, random));
            }
            MaxMixture births = births(scans.getFirst());
            List<SortedSet<SensorScan>> known = flood(graph, scans);
            for (int i = 0; i < NODES; i++) {
                advance(nodes.get(i), births, new ArrayList<>(known.get(i)).reversed());
            }
            advance(central, births, scans);
            for (PossibilisticPhd node : nodes) {
                assertThat(node.presence().size()).isEqualTo(central.presence().size());
                for (int c = 0; c < central.presence().size(); c++) {
                    assertThat(node.presence().logWeight(c))
                            .isCloseTo(central.presence().logWeight(c), within(1e-9));
                    assertThat(node.presence().means()[c * 4])
                            .isCloseTo(central.presence().means()[c * 4], within(1e-9));
                }
            }
        }
        assertThat(central.extract(0.9 * 0.01).size()).isBetween(2, 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void theParallelUpdateIsTheProductOfTheSingleFactors(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SensorScan a = scan(0, 0, random);
        SensorScan b = scan(1, 0, random);
        MaxMixture prior = births(a);
        PossibilisticPhd both = wide(prior);
        both.updateTogether(List.of(b, a));
        PossibilisticPhd one = wide(prior);
        one.update(a);
        PossibilisticPhd two = wide(prior);
        two.update(b);
        for (int i = 0; i < 50; i++) {
            double[] x = {20 * random.nextDouble(), random.nextDouble() - 0.5, 0, 0};
            double product = one.presence().logAt(x) + two.presence().logAt(x) - prior.logAt(x);
            assertThat(both.presence().logAt(x)).isCloseTo(product, within(1e-9));
        }
    }

    private static PossibilisticPhd wide(MaxMixture prior) {
        PossibilisticPhd phd = new PossibilisticPhd(
                new ConstantVelocity(0.5, ConstantVelocity.Kind.CONTINUOUS), 1e9, -1e9, 0, 100_000);
        phd.join(prior);
        return phd;
    }

    private static void advance(PossibilisticPhd phd, MaxMixture births, List<SensorScan> scans) {
        phd.predict(0.1);
        phd.join(births);
        phd.updateTogether(scans);
    }

    private static SensorScan scan(int sensor, int step, SplittableRandom random) {
        List<Observation> seen = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if (random.nextDouble() < 0.9) {
                seen.add(new Observation.Position(
                        8 * i + 0.1 * step + 0.3 * random.nextGaussian(),
                        0.3 * random.nextGaussian(),
                        0.09,
                        0,
                        0.09,
                        Math.log(1e-2)));
            }
        }
        return new SensorScan(
                "s" + sensor,
                step,
                step * 100_000_000L,
                Coverage.of(FieldOfView.EVERYWHERE, 0.9),
                Double.NEGATIVE_INFINITY,
                seen);
    }

    private static MaxMixture births(SensorScan scan) {
        MaxMixture out = new MaxMixture(4);
        for (Observation o : scan.observations()) {
            Observation.Position p = (Observation.Position) o;
            out.add(
                    Math.log(1e-4),
                    new double[] {p.east(), p.north(), 0, 0},
                    0,
                    new double[] {.09, 0, 0, 0, 0, .09, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4},
                    0);
        }
        return out;
    }

    /** Every node tells its neighbours what it knows until nobody learns anything. */
    private static List<SortedSet<SensorScan>> flood(String graph, List<SensorScan> scans) {
        List<SortedSet<SensorScan>> known = new ArrayList<>();
        scans.forEach(scan -> known.add(new TreeSet<>(List.of(scan))));
        boolean news = true;
        while (news) {
            news = false;
            for (int i = 0; i < NODES; i++) {
                for (int j = 0; j < NODES; j++) {
                    if (edge(graph, i, j)) {
                        news |= known.get(j).addAll(known.get(i));
                    }
                }
            }
        }
        return known;
    }

    private static boolean edge(String graph, int i, int j) {
        return switch (graph) {
            case "line" -> Math.abs(i - j) == 1;
            case "ring" -> Math.floorMod(i - j, NODES) == 1 || Math.floorMod(j - i, NODES) == 1;
            default -> i != j && (i == 0 || j == 0);
        };
    }
}
