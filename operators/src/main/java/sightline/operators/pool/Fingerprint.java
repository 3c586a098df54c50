package sightline.operators.pool;

/**
 * 256 bits of a picture that survive re-encoding and small changes: for each cell of a 16 by 16 grid, whether it is
 * brighter than its right neighbour.
 */
record Fingerprint(long a, long b, long c, long d) {
    private static final int SIDE = 16;

    static Fingerprint of(Picture picture) {
        Picture small = picture.resize(SIDE + 1, SIDE);
        long[] words = new long[4];
        for (int y = 0, bit = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++, bit++) {
                if (brightness(small, x, y) > brightness(small, x + 1, y)) {
                    words[bit >> 6] |= 1L << bit;
                }
            }
        }
        return new Fingerprint(words[0], words[1], words[2], words[3]);
    }

    int distance(Fingerprint o) {
        return Long.bitCount(a ^ o.a) + Long.bitCount(b ^ o.b) + Long.bitCount(c ^ o.c) + Long.bitCount(d ^ o.d);
    }

    private static int brightness(Picture p, int x, int y) {
        int at = 3 * (y * p.width() + x);
        return 2 * (p.rgb()[at] & 255) + 5 * (p.rgb()[at + 1] & 255) + (p.rgb()[at + 2] & 255);
    }
}
