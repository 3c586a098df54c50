package sightline.kernels.reference;

/**
 * Philox4x32-10 (Salmon et al., SC 2011), and numbers made of its bits with additions, multiplications, divisions and
 * square roots alone: IEEE 754 rounds those exactly, so that every engine that follows the same steps in float64 without
 * contraction gets the same bits.
 */
public final class Philox {
    private static final int ROUNDS = 10;
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final double LN2 = 0.6931471805599453;

    private Philox() {}

    /** The four words of one counter; the upper half of the 128-bit counter is zero. */
    public static int[] block(long key, long counter) {
        int c0 = (int) counter;
        int c1 = (int) (counter >>> 32);
        int c2 = 0;
        int c3 = 0;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = M0 * (c0 & 0xffffffffL);
            long p1 = M1 * (c2 & 0xffffffffL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        return new int[] {c0, c1, c2, c3};
    }

    /** The upper 24 bits as a number in [0, 1). */
    public static float uniform(int bits) {
        return (bits >>> 8) * 0x1p-24f;
    }

    /** One half of a Box-Muller pair: the radius from the first word, the angle from the second. */
    public static float normal(int radiusBits, int angleBits, boolean sine) {
        double u = ((radiusBits & 0xffffffffL) + 1) * 0x1p-32;
        double radius = Math.sqrt(-2 * ln(u));
        return (float) (radius * turn((angleBits & 0xffffffffL) * 0x1p-32, sine));
    }

    /** Natural logarithm: exponent times ln 2, plus 2 artanh((m - 1)/(m + 1)) for m in [√½, √2). */
    static double ln(double u) {
        int exponent = Math.getExponent(u);
        double m = u * Math.scalb(1.0, -exponent);
        if (m > 1.4142135623730951) {
            m = m / 2;
            exponent = exponent + 1;
        }
        double s = (m - 1) / (m + 1);
        double square = s * s;
        double sum = 0;
        for (int k = 23; k >= 1; k -= 2) {
            sum = sum * square + 1.0 / k;
        }
        return exponent * LN2 + 2 * s * sum;
    }

    /** cos or sin of a whole turn times t, t in [0, 1): the nearest quarter is exact, the rest is a Taylor sum. */
    static double turn(double t, boolean sine) {
        int quarter = (int) (4 * t + 0.5);
        double angle = (t - quarter * 0.25) * 6.283185307179586;
        double square = angle * angle;
        double cos = 0;
        double sin = 0;
        for (int k = 18; k >= 2; k -= 2) {
            cos = (cos + 1) * (-square / ((k - 1) * k));
            sin = (sin + 1) * (-square / (k * (k + 1)));
        }
        cos = cos + 1;
        sin = (sin + 1) * angle;
        return switch ((quarter + (sine ? 3 : 0)) & 3) {
            case 0 -> cos;
            case 1 -> -sin;
            case 2 -> -cos;
            default -> sin;
        };
    }
}
