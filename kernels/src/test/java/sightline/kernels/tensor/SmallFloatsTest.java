package sightline.kernels.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmallFloatsTest {
    @Test
    void everyCodeOfEightBitsSurvivesTheRoundTrip() {
        for (int code = 0; code < 256; code++) {
            float e4m3 = SmallFloats.fromE4M3((byte) code);
            if (!Float.isNaN(e4m3)) {
                assertThat(SmallFloats.toE4M3(e4m3)).isEqualTo((byte) code);
            }
            float e5m2 = SmallFloats.fromE5M2((byte) code);
            if (Float.isFinite(e5m2)) {
                assertThat(SmallFloats.toE5M2(e5m2)).isEqualTo((byte) code);
            }
        }
    }

    @Test
    void eightBitsSaturateAndTiesGoToEven() {
        assertThat(SmallFloats.fromE4M3(SmallFloats.toE4M3(1e9f))).isEqualTo(448);
        assertThat(SmallFloats.fromE5M2(SmallFloats.toE5M2(-1e9f))).isEqualTo(-57344);
        assertThat(SmallFloats.fromE4M3(SmallFloats.toE4M3(17))).isEqualTo(16);
        assertThat(SmallFloats.fromE4M3(SmallFloats.toE4M3(19))).isEqualTo(20);
        assertThat(SmallFloats.fromE4M3(SmallFloats.toE4M3(0x1p-10f))).isEqualTo(0);
        assertThat(SmallFloats.fromE4M3(SmallFloats.toE4M3(0x1.8p-9f))).isEqualTo(0x1p-8f);
        assertThat(SmallFloats.toE4M3(Float.NaN)).isEqualTo((byte) 0x7f);
    }

    @Test
    void bfloat16RoundsToEven() {
        assertThat(SmallFloats.fromBf16(SmallFloats.toBf16(1 + 0x1p-8f))).isEqualTo(1);
        assertThat(SmallFloats.fromBf16(SmallFloats.toBf16(1 + 0x1.8p-7f))).isEqualTo(1 + 0x1p-6f);
        assertThat(SmallFloats.fromBf16(SmallFloats.toBf16(Float.NaN))).isNaN();
        assertThat(SmallFloats.fromBf16(SmallFloats.toBf16(Float.MAX_VALUE))).isEqualTo(Float.POSITIVE_INFINITY);
    }
}
