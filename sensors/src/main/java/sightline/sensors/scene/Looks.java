package sightline.sensors.scene;

import java.util.SplittableRandom;

/**
 * What tells one person from another: size, build, clothes, gait.
 *
 * @param height metres
 * @param build width against the average, about 0.85 to 1.25
 * @param skin 0xRRGGBB
 * @param hair 0xRRGGBB
 * @param top 0xRRGGBB
 * @param legs 0xRRGGBB
 * @param shoes 0xRRGGBB
 * @param longSleeves whether the top covers the arms
 * @param coat how far the top falls below the hip, share of the height (0 none, 0.2 a coat or dress)
 * @param shorts whether the shins are bare
 * @param pack colour of a backpack, or -1 for none
 * @param hat colour of a hat, or -1 for none
 * @param longHair whether hair falls on the neck
 * @param stripes colour of stripes or a panel on the top, or -1 for plain
 * @param swing arm swing against the average
 * @param stride length of two steps against the height
 */
public record Looks(
        double height,
        double build,
        int skin,
        int hair,
        int top,
        int legs,
        int shoes,
        boolean longSleeves,
        double coat,
        boolean shorts,
        int pack,
        int hat,
        boolean longHair,
        int stripes,
        double swing,
        double stride) {
    private static final int[] SKIN = {0xf1c9a5, 0xe0ac81, 0xc68a5e, 0x9a6540, 0x6f4528, 0x4a2c1a};
    private static final int[] HAIR = {0x15110e, 0x2b1d12, 0x4a2f1b, 0x7a5230, 0xb08a4e, 0x8f8f8f, 0x571f10};
    private static final int[] TOPS = {
        0xe9e9e6, 0x1d1f24, 0x3b4048, 0x7d2027, 0x27406e, 0x2f6b46, 0xc9a227, 0xb4572c, 0x6d4b8a, 0x8fb3cf, 0xd98aa0,
        0x5a6b3a, 0x9a9da3, 0xcf3d32, 0x18607a
    };
    private static final int[] LEGS = {
        0x1b1d22, 0x2a3550, 0x3d4a66, 0x52555a, 0x6b5b45, 0x8b8170, 0x23302a, 0x101216, 0xb8b2a4
    };
    private static final int[] SHOES = {0x111111, 0x2f2219, 0xe6e6e6, 0x5a5a5a, 0x7a2b22};

    /** Somebody of whom only the size is known: plain clothes, an average everything. */
    public static Looks plain(double height, int top, int legs) {
        return new Looks(
                height, 1, 0xc08a63, 0x2b1d12, top, legs, 0x1d1d1f, true, 0.02, false, -1, -1, false, -1, 1, 0.83);
    }

    static Looks of(SplittableRandom random) {
        boolean child = random.nextInt(12) == 0;
        double height =
                child ? 1.2 + random.nextDouble(0.25) : Math.clamp(1.71 + 0.09 * random.nextGaussian(), 1.5, 1.98);
        double coat = random.nextInt(4) == 0 ? 0.1 + random.nextDouble(0.14) : 0.02;
        return new Looks(
                height,
                Math.clamp(1 + 0.1 * random.nextGaussian(), 0.84, 1.28),
                pick(random, SKIN),
                pick(random, HAIR),
                pick(random, TOPS),
                pick(random, LEGS),
                pick(random, SHOES),
                random.nextInt(5) < 3,
                coat,
                coat < 0.05 && random.nextInt(6) == 0,
                random.nextInt(4) == 0 ? pick(random, TOPS) : -1,
                random.nextInt(7) == 0 ? pick(random, TOPS) : -1,
                random.nextInt(3) == 0,
                random.nextInt(4) == 0 ? pick(random, TOPS) : -1,
                0.7 + random.nextDouble(0.6),
                0.76 + random.nextDouble(0.14));
    }

    private static int pick(SplittableRandom random, int[] of) {
        return of[random.nextInt(of.length)];
    }
}
