package sightline.operators.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How many bytes a pack takes, foretold from a sample of its pictures with all their labels, so that nobody labels for
 * half an hour what cannot travel.
 *
 * @param sample some of the pack's pictures, as the teachers have labelled them
 * @param pictures how many there will be
 * @param bytes how many bytes there may be
 */
record PackFit(TrainPack sample, int pictures, long bytes) {
    /** So many pictures tell the mean of all to about a twentieth, as sizes vary by about half. */
    static final int SAMPLE = 100;

    private static final double SURE = 1.05;
    private static final float COARSEST = 0.3f;
    private static final float STEP = 0.05f;
    /** Sides that are proposed are multiples of this. */
    private static final int GRID = 32;

    /** A hundred of a pack's pictures, evenly over all of it; the whole where it has no more. */
    static TrainPack sampled(TrainPack pack) {
        int all = pack.trained().size() + pack.heldOut().size();
        int n = Math.min(SAMPLE, all);
        int held = n * pack.heldOut().size() / Math.max(1, all);
        return new TrainPack(evenly(pack.trained(), n - held), evenly(pack.heldOut(), held));
    }

    /** So many of them, as far apart as can be; all where there are no more. */
    static List<LabeledPicture> evenly(List<LabeledPicture> pictures, int n) {
        int all = pictures.size();
        return n >= all
                ? pictures
                : IntStream.range(0, n)
                        .mapToObj(i -> pictures.get((int) ((long) i * all / n)))
                        .toList();
    }

    /** What the whole takes, about. */
    long foretold(int longestSide, float quality) throws IOException {
        int seen = sample.trained().size() + sample.heldOut().size();
        return sample.smaller(longestSide, quality).bytes() * pictures / seen;
    }

    /**
     * The highest quality, from the given one down, with which the whole fits in all likelihood. Fails where not even the
     * coarsest does, saying what is needed and what would fit.
     */
    float quality(int longestSide, float highest) throws IOException {
        float q = highest;
        while (!fits(foretold(longestSide, q))) {
            if (q <= COARSEST) {
                throw new IOException(refusal(longestSide, q));
            }
            q = coarser(q);
        }
        return q;
    }

    private boolean fits(long foretold) {
        return SURE * foretold <= bytes;
    }

    private String refusal(int longestSide, float quality) throws IOException {
        long need = (long) (SURE * foretold(longestSide, quality));
        int side = (longestSide - 1) / GRID * GRID;
        while (side > GRID && !fits(foretold(side, quality))) {
            side -= GRID;
        }
        return String.format(
                Locale.ROOT,
                "the pack of %,d pictures would take up to %,d bytes with JPEGs of quality %.2f, the coarsest, and %,d are"
                        + " allowed: pictures of at most %d pixels would fit, or %,d pictures of at most %d",
                pictures,
                need,
                quality,
                bytes,
                side,
                pictures * bytes / need,
                longestSide);
    }

    /**
     * Writes a pack with JPEGs of the highest quality, of the given one and coarser ones, with which the file has at most
     * so many bytes. Fails, saying how much it would take, where even the coarsest is too much, and leaves a file that was
     * there before as it was.
     *
     * @return the quality that fits
     */
    static float write(TrainPack pack, Path file, long bytes, int longestSide, float quality) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".writing");
        try {
            for (float q = quality; ; q = coarser(q)) {
                pack.smaller(longestSide, q).write(beside);
                long size = Files.size(beside);
                if (size <= bytes) {
                    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
                    return q;
                }
                if (q <= COARSEST) {
                    throw new IOException(String.format(
                            Locale.ROOT,
                            "the pack takes %,d bytes with JPEGs of quality %.2f, and %,d are allowed: make its"
                                    + " pictures smaller or fewer",
                            size,
                            q,
                            bytes));
                }
            }
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static float coarser(float quality) {
        return Math.max(COARSEST, quality - STEP);
    }
}
