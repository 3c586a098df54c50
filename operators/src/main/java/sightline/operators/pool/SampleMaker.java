package sightline.operators.pool;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * A sampler that arranges pictures and asks for their labels in the arrangement.
 *
 * @param <T> what is known of a sample
 */
public final class SampleMaker<T> implements Sampler<T> {
    private final PictureSource pictures;
    private final PictureCache cache;
    private final Augmentation augmentation;
    private final BiFunction<List<Placed>, Integer, T> labels;
    private final Canvas canvas;
    private final long seed;

    private SampleMaker(
            PictureSource pictures,
            PictureCache cache,
            Augmentation augmentation,
            BiFunction<List<Placed>, Integer, T> labels,
            int side,
            long seed) {
        this.pictures = pictures;
        this.cache = cache;
        this.augmentation = augmentation;
        this.labels = labels;
        this.canvas = new Canvas(side);
        this.seed = seed;
    }

    /** Samples with their objects. */
    public static SampleMaker<List<Target>> boxes(
            PictureSource pictures, PictureCache cache, Augmentation augmentation, int side, long seed) {
        return new SampleMaker<>(pictures, cache, augmentation, (p, s) -> boxes(p), side, seed);
    }

    /** Samples with the poses of their people. */
    public static SampleMaker<PoseTarget> poses(
            PictureSource pictures, PictureCache cache, Augmentation augmentation, int side, long seed) {
        return new SampleMaker<>(pictures, cache, augmentation, (p, s) -> PoseTarget.of(p), side, seed);
    }

    /** Samples with a class for every cell of 8 by 8 pixels. */
    public static SampleMaker<byte[]> streets(
            PictureSource pictures, PictureCache cache, Augmentation augmentation, int side, long seed) {
        return new SampleMaker<>(pictures, cache, augmentation, StreetTarget::of, side, seed);
    }

    @Override
    public T draw(long step, int index, FloatBuffer out) {
        var random = new SplittableRandom(mix(seed, step, index));
        List<Placed> placed = augmentation.arrange(canvas, pictures, cache, random);
        canvas.write(out, 0);
        return labels.apply(placed, canvas.side);
    }

    private static List<Target> boxes(List<Placed> placed) {
        List<Target> targets = new ArrayList<>();
        for (Placed p : placed) {
            for (LabeledObject o : p.picture().objects()) {
                Target.of(o, p).ifPresent(targets::add);
            }
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
