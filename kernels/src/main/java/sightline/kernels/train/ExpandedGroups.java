package sightline.kernels.train;

/**
 * A vector kept in eight bits a number, in groups of 128 that each carry a scale, an exponent k and the geometric mean
 * of their extremes (COAT, section 4: dynamic range expansion). Values are stored as sign(x)·(|x|/mean)^k / scale, with
 * k chosen so that the group's own dynamic range fills that of E4M3.
 *
 * <p>Defined here where the paper leaves it open: zeros do not count towards the smallest magnitude; a group that is
 * constant in magnitude, or all zero, has k = 1. Without expansion every group has k = 1 and mean 1.
 *
 * <p>Threading: none of its own.
 */
final class ExpandedGroups {
    static final int GROUP = 128;
    private static final double LOG2_RANGE = Math.log(448.0 * 448.0 / 2) / Math.log(2);
    private static final float TINY = 1e-30f;

    final byte[] codes;
    final float[] scale;
    final float[] exponent;
    final float[] mean;
    private final boolean expand;

    ExpandedGroups(int size, boolean expand) {
        int groups = (size + GROUP - 1) / GROUP;
        codes = new byte[size];
        scale = new float[groups];
        exponent = new float[groups];
        mean = new float[groups];
        java.util.Arrays.fill(exponent, 1f);
        java.util.Arrays.fill(mean, 1f);
        this.expand = expand;
    }

    int groups() {
        return scale.length;
    }

    long bytes() {
        return codes.length + 3L * Float.BYTES * scale.length;
    }

    /** Reads one group into {@code out}, from 0; gives how many values it has. */
    int read(int group, float[] out) {
        int from = group * GROUP;
        int n = Math.min(GROUP, codes.length - from);
        double inverse = 1.0 / exponent[group];
        for (int i = 0; i < n; i++) {
            float u = E4m3.decode(codes[from + i]) * scale[group];
            if (exponent[group] != 1f) {
                u = Math.copySign((float) Math.pow(Math.abs(u), inverse), u);
            }
            out[i] = u * mean[group];
        }
        return n;
    }

    /** Replaces one group by the first values of {@code in}. */
    void write(int group, float[] in) {
        int from = group * GROUP;
        int n = Math.min(GROUP, codes.length - from);
        float largest = 0;
        float smallest = Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            float a = Math.abs(in[i]);
            largest = Math.max(largest, a);
            if (a > 0) {
                smallest = Math.min(smallest, a);
            }
        }
        float k = 1f;
        float centre = 1f;
        if (expand && largest > TINY && smallest < largest) {
            float low = Math.max(smallest, TINY);
            centre = (float) (Math.sqrt(largest) * Math.sqrt(low));
            k = exponentOf(largest, low);
        }
        float top = power(largest / centre, k);
        float s = top / E4m3.MAX;
        exponent[group] = k;
        mean[group] = centre;
        scale[group] = s;
        for (int i = 0; i < n; i++) {
            float y = Math.copySign(power(Math.abs(in[i]) / centre, k), in[i]);
            codes[from + i] = s == 0 ? 0 : E4m3.encode(y / s);
        }
    }

    /** k in sixteenths, at least one sixteenth; 1 where the quotient of extremes rounds to one. */
    static float exponentOf(float largest, float smallest) {
        double octaves = Math.log((double) largest / smallest) / Math.log(2);
        double k = Math.floor(LOG2_RANGE / octaves * 16) / 16;
        return octaves < 1e-6 ? 1f : (float) Math.clamp(k, 1.0 / 16, 4096);
    }

    private static float power(float magnitude, float k) {
        return k == 1f || magnitude == 0 ? magnitude : (float) Math.pow(magnitude, k);
    }
}
