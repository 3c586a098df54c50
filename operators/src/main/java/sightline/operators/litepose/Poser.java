package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.CentredWarp;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.Batch;
import sightline.operators.perception.Bucket;
import sightline.operators.perception.Digests;
import sightline.operators.perception.Networks;
import sightline.operators.perception.Perceiver;

/**
 * LitePose on frames, with the official evaluation's pre-processing: the shorter side becomes the size's input, the longer
 * one keeps the shape and goes up to a multiple of 64, and the picture is warped about its centre with black around it.
 * OpenCV's warp interpolates in steps of a 32nd of a pixel; this one does not.
 */
public final class Poser implements Perceiver<Poses> {
    private static final int GRANULE = 64;
    /** A longer strip is refused: its input would take more memory than any picture of people deserves. */
    private static final int LONGEST_SHAPE = 8;

    static final Networks.Recipe RECIPE = new Networks.Recipe(Resampling.LINEAR, Normalisation.IMAGENET);
    /** Sizes of batch and input that are looked at where the network runs, and keep its memory; others are looked at here. */
    private static final int MOST_LOOKERS = 8;

    private final Networks networks;
    private final Identity identity;
    private final Skeleton skeleton;
    private final int shorter;
    private final double leastScore;
    private final boolean flip;
    private final Map<Long, AssociativeEmbedding> decoders = new HashMap<>();
    private final Function<Shape, Optional<Looker>> opening;
    private final Map<Shape, Optional<Looker>> lookers;

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
        this.networks = new Networks(engine, image -> LitePose.graph(size, skeleton, image), weights, options, RECIPE);
        this.opening = image -> Looker.open(engine, LitePose.looking(size, skeleton, image), weights, options);
        this.lookers = new HashMap<>();
        String digest = Digests.of(LitePose.graph(size, skeleton, Shape.of(1, 3, shorter, shorter)), weights);
        this.identity = new Identity("litepose-" + size.name().toLowerCase(Locale.ROOT), digest, engine.name());
        this.flip = false;
    }

    private Poser(Poser other, boolean flip) {
        this.networks = other.networks;
        this.identity = other.identity;
        this.skeleton = other.skeleton;
        this.shorter = other.shorter;
        this.leastScore = other.leastScore;
        this.flip = flip;
        this.opening = other.opening;
        this.lookers = other.lookers;
    }

    /** The same network with the flip test, at twice the cost. It shares this one's sessions: close one of the two. */
    public Poser flipping() {
        return new Poser(this, true);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public int batch() {
        return networks.batch();
    }

    @Override
    public boolean decodes() {
        return networks.decodes();
    }

    @Override
    public List<Poses> perceive(List<Frame> frames) {
        Poses[] all = new Poses[frames.size()];
        for (Batch<CentredWarp> batch : networks.batches(frames, this::place)) {
            List<List<Pose>> poses = (flip ? Optional.<List<List<Pose>>>empty() : lookedAtThere(batch))
                    .orElseGet(() -> lookedAtHere(batch));
            for (int slot = 0; slot < poses.size(); slot++) {
                int i = batch.places().get(slot);
                all[i] = new Poses(frames.get(i).header(), skeleton, poses.get(slot), identity.digest());
            }
        }
        return List.of(all);
    }

    /** Where the engine can look into its own maps; one that fails is asked again, which says whether it still can. */
    private Optional<List<List<Pose>>> lookedAtThere(Batch<CentredWarp> batch) {
        CentredWarp warp = batch.framing();
        Shape image = Shape.of(batch.size(), 3, warp.inputHeight(), warp.inputWidth());
        if (!lookers.containsKey(image)) {
            lookers.put(image, lookers.size() < MOST_LOOKERS ? opening.apply(image) : Optional.empty());
        }
        Optional<Looker> looker = lookers.get(image);
        try {
            return looker.flatMap(l -> l.look(batch.frames(), warp))
                    .map(seen -> People.of(seen, batch.frames().size(), warp, leastScore));
        } catch (EngineException failure) {
            looker.ifPresent(Looker::close);
            lookers.remove(image);
            return Optional.empty();
        }
    }

    private List<List<Pose>> lookedAtHere(Batch<CentredWarp> batch) {
        CentredWarp warp = batch.framing();
        int h = warp.inputHeight();
        int w = warp.inputWidth();
        Bucket bucket = networks.bucket(batch);
        Map<String, float[]> straight = bucket.run(batch.frames(), batch.framings());
        Map<String, float[]> mirrored = Map.of();
        if (flip) {
            // The arrays are the bucket's, and hold what it ran last.
            straight = new HashMap<>(straight);
            straight.replaceAll((name, values) -> values.clone());
            mirrored = bucket.runMirrored(batch.frames(), batch.framings());
        }
        AssociativeEmbedding decoder =
                decoders.computeIfAbsent((long) h << 32 | w, k -> new AssociativeEmbedding(skeleton, h, w, flip));
        List<List<Pose>> poses = new ArrayList<>(batch.frames().size());
        for (int slot = 0; slot < batch.frames().size(); slot++) {
            decoder.see(straight.get(LitePose.COARSE), straight.get(LitePose.FINE), slot);
            if (flip) {
                decoder.seeMirrored(mirrored.get(LitePose.COARSE), mirrored.get(LitePose.FINE), slot);
            }
            poses.add(decoder.decode(warp, leastScore));
        }
        return poses;
    }

    private CentredWarp place(Pixels pixels) {
        return place(pixels.width(), pixels.height());
    }

    /** How a picture of that size becomes the input. */
    CentredWarp place(int width, int height) {
        int shortSide = Math.min(width, height);
        int longSide = Math.max(width, height);
        if (shortSide < 1 || longSide > (long) LONGEST_SHAPE * shortSide) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height
                    + " is no picture of people: one side is more than " + LONGEST_SHAPE + " times the other");
        }
        int along = (int) Math.floor(((double) shorter / shortSide * longSide + GRANULE - 1) / GRANULE) * GRANULE;
        double scale = (double) shorter / shortSide;
        return width < height
                ? new CentredWarp(width, height, shorter, along, scale)
                : new CentredWarp(width, height, along, shorter, scale);
    }

    @Override
    public void close() {
        lookers.values().forEach(looker -> looker.ifPresent(Looker::close));
        lookers.clear();
        networks.close();
    }
}
