package sightline.kernels.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoatAdamWTest {
    private static final int SIZE = 128 * 3 + 37;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void movesBitForBitAsTheFormulasSay(long seed) {
        Random random = new Random(seed);
        float[] start = gaussian(random, SIZE, 1);
        Parameters p = new Parameters(List.of(Parameter.of("w", new long[] {1, SIZE}, start.clone())));
        var optimizer = new CoatAdamW(p, Betas.DEFAULT);
        var specification = new Specification(start.clone());
        for (int step = 0; step < 6; step++) {
            float[] g = gaussian(random, SIZE, 1e-3);
            if (step == 2) {
                java.util.Arrays.fill(g, 0, 128, 0f);
            }
            optimizer.step(Map.of("w", g), 1e-2);
            specification.step(g, 1e-2f);
            assertThat(p.get("w").values()).containsExactly(specification.w);
        }
    }

    @Test
    void constantAndZeroGroupsKeepAnExponentOfOne() {
        var groups = new ExpandedGroups(256, true);
        float[] x = new float[128];
        groups.write(0, x);
        java.util.Arrays.fill(x, -0.25f);
        x[5] = 0.25f;
        groups.write(1, x);
        float[] back = new float[128];
        groups.read(0, back);
        assertThat(back).containsOnly(0f);
        groups.read(1, back);
        assertThat(back).containsExactly(x);
        assertThat(groups.exponent).containsExactly(1f, 1f);
    }

    @Test
    void expansionHalvesTheErrorOnMomentsOfNarrowRange() {
        Random random = new Random(5);
        float[] x = new float[128];
        double expanded = 0;
        double plain = 0;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) ((random.nextBoolean() ? 1 : -1) * Math.exp(0.7 * random.nextGaussian()));
            }
            expanded += error(x, true);
            plain += error(x, false);
        }
        assertThat(expanded).isLessThan(0.6 * plain);
    }

    @Test
    void stateCostsLessThanThreeTenthsOfPlainAdam() {
        Parameters p = new Parameters(List.of(Parameter.of("w", new long[] {64, 128}, new float[64 * 128])));
        double share = (double) new CoatAdamW(p, Betas.DEFAULT).stateBytes() / new AdamW(p, Betas.DEFAULT).stateBytes();
        assertThat(share).isCloseTo((1 + 12.0 / 128) / 4, within(1e-9)).isLessThanOrEqualTo(0.30);
    }

    @Test
    void aZeroGradientMovesNothingButDecay() {
        Parameters p = new Parameters(List.of(Parameter.of("b", new long[] {3}, new float[] {1, 2, 3})));
        new CoatAdamW(p, Betas.DEFAULT).step(Map.of("b", new float[3]), 0.1);
        assertThat(p.get("b").values()).containsExactly(1, 2, 3);
    }

    private static double error(float[] x, boolean expand) {
        var groups = new ExpandedGroups(x.length, expand);
        groups.write(0, x);
        float[] back = new float[128];
        groups.read(0, back);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += Math.pow((back[i] - x[i]) / x[i], 2);
        }
        return Math.sqrt(sum / x.length);
    }

    private static float[] gaussian(Random random, int n, double scale) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (random.nextGaussian() * scale);
        }
        return x;
    }

    /** The paper's formulas, one value at a time, codes found by search. */
    private static final class Specification {
        final float[] w;
        final float[] m;
        final float[] v;
        int t;

        Specification(float[] w) {
            this.w = w;
            m = new float[w.length];
            v = new float[w.length];
        }

        void step(float[] g, float lr) {
            t++;
            float root = (float) Math.sqrt(1 - Math.pow(0.999, t));
            float first = (float) (1 - Math.pow(0.9, t));
            for (int i = 0; i < w.length; i++) {
                m[i] = 0.9f * m[i] + (1 - 0.9f) * g[i];
                v[i] = 0.999f * v[i] + (1 - 0.999f) * g[i] * g[i];
                float update = m[i] / (((float) Math.sqrt(v[i]) / root + 1e-8f) * first) + 0.05f * w[i];
                w[i] = w[i] - lr * update;
            }
            roundTrip(m);
            roundTrip(v);
        }

        private static void roundTrip(float[] x) {
            for (int from = 0; from < x.length; from += 128) {
                int to = Math.min(x.length, from + 128);
                float max = 0;
                float min = Float.MAX_VALUE;
                for (int i = from; i < to; i++) {
                    max = Math.max(max, Math.abs(x[i]));
                    min = x[i] == 0 ? min : Math.min(min, Math.abs(x[i]));
                }
                float mean = 1;
                float k = 1;
                if (max > 1e-30f && min < max) {
                    float low = Math.max(min, 1e-30f);
                    mean = (float) (Math.sqrt(max) * Math.sqrt(low));
                    double ratio = Math.log((double) max / low) / Math.log(2);
                    k = (float) (Math.floor(Math.log(100352) / Math.log(2) / ratio * 16) / 16);
                }
                float scale = power(max / mean, k) / 448f;
                for (int i = from; i < to; i++) {
                    float y = Math.copySign(power(Math.abs(x[i]) / mean, k), x[i]);
                    float u = scale == 0 ? 0 : E4m3.decode(E4m3Test.bySearch(y / scale)) * scale;
                    float back = k == 1 ? u : Math.copySign((float) Math.pow(Math.abs(u), 1.0 / k), u);
                    x[i] = back * mean;
                }
            }
        }

        private static float power(float a, float k) {
            return k == 1 || a == 0 ? a : (float) Math.pow(a, k);
        }
    }
}
