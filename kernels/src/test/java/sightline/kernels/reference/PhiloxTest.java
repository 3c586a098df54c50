package sightline.kernels.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    @Test
    void theFirstBlockIsThePublishedOne() {
        assertThat(Philox.block(0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void logarithmAndTurnAreExactToSixteenDigits() {
        for (int i = 1; i <= 10_000; i++) {
            double u = i / 10_001.0;
            assertThat(Philox.ln(u)).isCloseTo(Math.log(u), within(4e-15));
            assertThat(Philox.turn(u, false)).isCloseTo(Math.cos(2 * Math.PI * u), within(1e-15));
            assertThat(Philox.turn(u, true)).isCloseTo(Math.sin(2 * Math.PI * u), within(1e-15));
        }
        assertThat(Philox.ln(1)).isZero();
    }

    @Test
    void normalNumbersHaveTheMomentsOfTheNormalDistribution() {
        double mean = 0;
        double square = 0;
        double fourth = 0;
        int count = 40_000;
        for (int i = 0; i < count / 4; i++) {
            int[] w = Philox.block(7, i);
            for (int lane = 0; lane < 4; lane++) {
                double x = Philox.normal(w[lane & 2], w[lane | 1], (lane & 1) == 1);
                mean += x / count;
                square += x * x / count;
                fourth += x * x * x * x / count;
            }
        }
        assertThat(mean).isCloseTo(0, within(0.02));
        assertThat(square).isCloseTo(1, within(0.03));
        assertThat(fourth).isCloseTo(3, within(0.2));
    }

    @Test
    void uniformNumbersStayBelowOne() {
        assertThat(Philox.uniform(-1)).isLessThan(1);
        assertThat(Philox.uniform(0)).isZero();
    }
}
