package sightline.sensors.scene;

import java.util.SplittableRandom;

/** Independent random streams of one seed, addressed by what they are for, so that any instant can be drawn first. */
final class Seeds {
    private Seeds() {}

    static SplittableRandom of(long seed, String purpose, long... address) {
        long state = mix(seed ^ 0x51_67_48_74_4c_69_6e_65L);
        for (int i = 0; i < purpose.length(); i++) {
            state = mix(state + purpose.charAt(i));
        }
        for (long a : address) {
            state = mix(state ^ mix(a + 0x9e3779b97f4a7c15L));
        }
        return new SplittableRandom(state);
    }

    /** The finaliser of splitmix64. */
    private static long mix(long z) {
        long x = z;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }

    /** A Poisson number by Knuth's product; for the small means of clutter. */
    static int poisson(SplittableRandom random, double mean) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int n = 0;
        while (product > limit && n < 1000) {
            product *= random.nextDouble();
            n++;
        }
        return n;
    }
}
