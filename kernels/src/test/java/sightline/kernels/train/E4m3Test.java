package sightline.kernels.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class E4m3Test {
    @Test
    void everyFiniteCodeIsReadBackAsItself() {
        for (int code = 0; code < 256; code++) {
            float x = E4m3.decode((byte) code);
            if (!Float.isNaN(x)) {
                assertThat(E4m3.encode(x)).as("code %d is %s", code, x).isEqualTo((byte) code);
            }
        }
    }

    @Test
    void roundsToTheNearestValueWithTiesToEven() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            float x = (float) (random.nextGaussian() * Math.exp(random.nextGaussian() * 3));
            assertThat(E4m3.encode(x)).as("%s", x).isEqualTo(bySearch(x));
        }
        for (int code = 0; code < 0x7e; code++) {
            float between = (E4m3.decode((byte) code) + E4m3.decode((byte) (code + 1))) / 2;
            assertThat(E4m3.encode(between) & 1).as("tie above code %d", code).isZero();
        }
    }

    @Test
    void saturatesAndKeepsNaN() {
        assertThat(E4m3.decode(E4m3.encode(1e9f))).isEqualTo(448f);
        assertThat(E4m3.decode(E4m3.encode(Float.NEGATIVE_INFINITY))).isEqualTo(-448f);
        assertThat(E4m3.decode(E4m3.encode(Float.NaN))).isNaN();
    }

    /** The specification: look through all codes of the same sign. */
    static byte bySearch(float x) {
        int sign = Float.floatToRawIntBits(x) < 0 ? 0x80 : 0;
        int best = 0;
        for (int code = 1; code <= 0x7e; code++) {
            double nearest = Math.abs(E4m3.decode((byte) best) - (double) Math.abs(x));
            double here = Math.abs(E4m3.decode((byte) code) - (double) Math.abs(x));
            if (here < nearest || here == nearest && code % 2 == 0) {
                best = code;
            }
        }
        return (byte) (sign | best);
    }
}
