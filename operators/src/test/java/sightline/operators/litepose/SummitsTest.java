package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummitsTest {
    /** Few different values, so that many places are equally good: the first of them counts, as in the official search. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatAWalkThroughTheWholeMapFinds(int seed) {
        Random random = new Random(seed);
        Maps heat = new Maps(2, 17, 23);
        Summits summits = new Summits(heat);
        float[] first = new float[heat.plane()];
        float[] second = new float[heat.plane()];
        for (int round = 0; round < 20; round++) {
            int levels = 2 + random.nextInt(30);
            for (int i = 0; i < heat.values.length; i++) {
                heat.values[i] = random.nextInt(levels) / (float) levels - 0.2f;
            }
            for (int i = 0; i < first.length; i++) {
                first[i] = (float) random.nextGaussian(0, 2);
                second[i] = (float) random.nextGaussian(0, 2);
            }
            summits.forget();
            double[] tag = round % 2 == 0 ? new double[] {0.3} : new double[] {0.3, -0.4};
            assertThat(summits.best(1, first, second, tag)).isEqualTo(walk(heat, 1, first, second, tag));
        }
    }

    private static int walk(Maps heat, int joint, float[] first, float[] second, double[] tag) {
        int best = 0;
        double bestValue = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < heat.plane(); i++) {
            double distance =
                    tag.length == 1 ? Math.abs(first[i] - tag[0]) : Math.hypot(first[i] - tag[0], second[i] - tag[1]);
            double value = heat.values[joint * heat.plane() + i] - Math.rint(distance);
            if (value > bestValue) {
                bestValue = value;
                best = i;
            }
        }
        return best;
    }
}
