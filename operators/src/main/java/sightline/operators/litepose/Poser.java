package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.config.domain.Frame;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.Bucket;
import sightline.operators.perception.Digests;
import sightline.operators.perception.Networks;
import sightline.operators.perception.Perceiver;

/**
 * LitePose on frames: the shorter side becomes the size's input, the longer one keeps the shape and is padded to a
 * multiple of 64, as in the official evaluation.
 */
public final class Poser implements Perceiver<Poses> {
    private static final int GRANULE = 64;

    private final Networks networks;
    private final Identity identity;
    private final Skeleton skeleton;
    private final int shorter;
    private final double leastScore;
    private final Map<Long, AssociativeEmbedding> decoders = new HashMap<>();

    /**
     * @param shorter side of the input in pixels, {@link Size#input()} unless speed matters more
     * @param leastScore of a pose that is reported
     * @param weights must outlive this
     */
    public Poser(
            Engine engine,
            Size size,
            Skeleton skeleton,
            Weights weights,
            int shorter,
            double leastScore,
            CompileOptions options) {
        if (shorter % GRANULE != 0 || shorter < GRANULE) {
            throw new IllegalArgumentException("a poser's shorter side is a multiple of 64, not " + shorter);
        }
        this.skeleton = skeleton;
        this.shorter = shorter;
        this.leastScore = leastScore;
        this.networks = new Networks(
                engine,
                image -> LitePose.graph(size, skeleton, image),
                weights,
                options,
                new Networks.Recipe(Resampling.LINEAR, Normalisation.IMAGENET));
        String digest = Digests.of(LitePose.graph(size, skeleton, Shape.of(1, 3, shorter, shorter)), weights);
        this.identity = new Identity("litepose-" + size.name().toLowerCase(Locale.ROOT), digest, engine.name());
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public List<Poses> perceive(List<Frame> frames) {
        List<Poses> all = new ArrayList<>(frames.size());
        for (Frame frame : frames) {
            Placement placement = place(frame.pixels().width(), frame.pixels().height());
            int h = placement.inputHeight();
            int w = placement.inputWidth();
            Bucket bucket = networks.bucket(1, h, w);
            Map<String, float[]> out = bucket.run(List.of(frame), List.of(placement));
            AssociativeEmbedding decoder = decoders.computeIfAbsent(
                    (long) h << 32 | w,
                    k -> new AssociativeEmbedding(skeleton.joints().size(), h, w));
            all.add(new Poses(
                    frame.header(),
                    skeleton,
                    decoder.decode(out.get(LitePose.COARSE), out.get(LitePose.FINE), placement, leastScore),
                    identity.digest()));
        }
        return all;
    }

    /** Where a picture of that size lies in the input. */
    Placement place(int width, int height) {
        double scale = (double) shorter / Math.min(width, height);
        int w = (int) Math.round(width * scale);
        int h = (int) Math.round(height * scale);
        return new Placement(width, height, w, h, up(w), up(h));
    }

    private static int up(int length) {
        return (length + GRANULE - 1) / GRANULE * GRANULE;
    }

    @Override
    public void close() {
        networks.close();
    }
}
