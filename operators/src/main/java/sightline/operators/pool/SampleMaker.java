package sightline.operators.pool;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills a reusable input buffer with training samples. What a sample looks like depends on the seed, the step and its
 * place in the step's batch alone, never on which thread made it.
 *
 * <p>Threading: one thread for each maker.
 */
public final class SampleMaker {
    private final PictureSource pictures;
    private final PictureCache cache;
    private final Augmentation augmentation;
    private final Canvas canvas;
    private final long seed;

    public SampleMaker(PictureSource pictures, PictureCache cache, Augmentation augmentation, int side, long seed) {
        this.pictures = pictures;
        this.cache = cache;
        this.augmentation = augmentation;
        this.canvas = new Canvas(side);
        this.seed = seed;
    }

    /**
     * Makes samples {@code first} to {@code first + count - 1} of a step's batch.
     *
     * @param out room for count x 3 x side x side values
     * @return the objects of each sample
     */
    public List<List<Target>> fill(long step, int first, int count, FloatBuffer out) {
        List<List<Target>> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var random = new SplittableRandom(mix(seed, step, first + i));
            targets.add(augmentation.sample(canvas, pictures, cache, random));
            canvas.write(out, i * 3 * canvas.side * canvas.side);
        }
        return targets;
    }

    /** The picture last drawn, to look at. */
    Picture last() {
        return canvas.picture();
    }

    private static long mix(long seed, long step, long index) {
        long h = seed * 0x9E3779B97F4A7C15L + step * 0xC2B2AE3D27D4EB4FL + index * 0x165667B19E3779F9L;
        h ^= h >>> 31;
        h *= 0xBF58476D1CE4E5B9L;
        return h ^ (h >>> 29);
    }
}
