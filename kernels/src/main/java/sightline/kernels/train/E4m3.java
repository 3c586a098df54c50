package sightline.kernels.train;

/**
 * Eight-bit floating point with four exponent and three mantissa bits, no infinities: largest value 448, one NaN code
 * for each sign. Encoding rounds to the nearest, ties to even, and saturates.
 *
 * <p>Stateless and thread-safe.
 */
public final class E4m3 {
    /** Largest finite value. */
    public static final float MAX = 448f;

    private static final int NAN = 0x7f;
    private static final float SMALLEST_NORMAL = 0x1p-6f;
    private static final float[] VALUES = values();

    private E4m3() {}

    /** The value of a code. */
    public static float decode(byte code) {
        return VALUES[code & 0xff];
    }

    /** The code nearest to {@code x}; beyond 448 saturates, NaN stays NaN. */
    public static byte encode(float x) {
        int bits = Float.floatToRawIntBits(x);
        int sign = (bits >>> 24) & 0x80;
        float magnitude = Math.abs(x);
        if (Float.isNaN(x)) {
            return (byte) (sign | NAN);
        }
        if (magnitude >= MAX) {
            return (byte) (sign | 0x7e);
        }
        if (magnitude < SMALLEST_NORMAL) {
            // Subnormals are multiples of 2^-9; rint rounds ties to even, and 8 of them make the smallest normal.
            return (byte) (sign | (int) Math.rint(magnitude * 0x1p9f));
        }
        int m = bits & 0x7fffffff;
        int rounded = m + 0x7ffff + ((m >>> 20) & 1);
        int code = (rounded >>> 20) - ((127 - 7) << 3);
        return (byte) (sign | Math.min(code, 0x7e));
    }

    private static float[] values() {
        float[] table = new float[256];
        for (int code = 0; code < 256; code++) {
            int exponent = (code >> 3) & 15;
            int mantissa = code & 7;
            float magnitude =
                    exponent == 0 ? Math.scalb((float) mantissa, -9) : Math.scalb(1f + mantissa / 8f, exponent - 7);
            if (exponent == 15 && mantissa == 7) {
                magnitude = Float.NaN;
            }
            table[code] = (code & 0x80) == 0 ? magnitude : -magnitude;
        }
        return table;
    }
}
