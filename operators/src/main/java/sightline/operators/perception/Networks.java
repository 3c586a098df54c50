package sightline.operators.perception;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;

/**
 * One network, compiled once for each input size that turns up. A site's cameras come in a few sizes, so there are a few
 * sessions; a limit keeps a camera with a mad header from filling memory with them.
 *
 * <p>Threading: one thread at a time. Ownership: closes its sessions; the weights stay the caller's and must outlive it.
 */
public final class Networks implements AutoCloseable {
    /**
     * How pictures become input.
     *
     * @param resampling kernel
     * @param normalisation of colours
     */
    public record Recipe(Resampling resampling, Normalisation normalisation) {
        public static final Recipe DEFAULT = new Recipe(Resampling.TRIANGLE, Normalisation.IMAGENET);
    }

    /** What is made of one picture's outputs. */
    @FunctionalInterface
    public interface Answer<F> {
        /**
         * @param picture which of the frames it was
         * @param outputs of the batch that it was in, to be read now
         * @param slot its place in that batch
         */
        void take(int picture, F framing, Map<String, float[]> outputs, int slot);
    }

    private record Size(int batch, int height, int width) {}

    private static final int MOST_SIZES = 12;
    /** Pictures of a run; a few sizes, since each one is compiled. */
    private static final int[] BATCHES = {1, 4, 16, 32};
    /** Of all pictures of a batch: more fill a device by themselves, and their activations its memory. */
    private static final long MOST_PIXELS = 8 << 20;

    private final Engine engine;
    private final Function<Shape, Graph> network;
    private final Weights weights;
    private final CompileOptions options;
    private final Recipe recipe;
    private final Map<Size, Bucket> buckets = new HashMap<>();

    /**
     * @param network the graph for an input of N x 3 x H x W
     * @param options threads, of the network and of what precedes it, and strictness
     */
    public Networks(
            Engine engine, Function<Shape, Graph> network, Weights weights, CompileOptions options, Recipe recipe) {
        this.engine = engine;
        this.network = network;
        this.weights = weights;
        this.options = options;
        this.recipe = recipe;
    }

    public String engine() {
        return engine.name();
    }

    /** The compiled size; compiles it at first use. */
    public Bucket bucket(int batch, int height, int width) {
        Size size = new Size(batch, height, width);
        Bucket bucket = buckets.get(size);
        if (bucket == null) {
            boolean another = buckets.keySet().stream().noneMatch(s -> s.height == height && s.width == width);
            if (another && inputSizes() >= MOST_SIZES) {
                throw new IllegalStateException("more than " + MOST_SIZES + " input sizes are in use, the newest being "
                        + width + "x" + height + ": give cameras a common size");
            }
            bucket = new Bucket(
                    engine.compile(network.apply(Shape.of(batch, 3, height, width)), weights, options),
                    recipe,
                    options.threads());
            buckets.put(size, bucket);
        }
        return bucket;
    }

    private long inputSizes() {
        return buckets.keySet().stream()
                .map(s -> new Size(1, s.height, s.width))
                .distinct()
                .count();
    }

    /** The largest batch that pays on the engine as it is now. */
    public int batch() {
        return engine.batch();
    }

    /** Whether the engine takes pictures that are not decoded yet. */
    public boolean decodes() {
        return engine.decodes();
    }

    /**
     * Runs pictures, those of one framing together in batches where the engine gains from them.
     *
     * @param place how a picture becomes the input
     */
    public <F extends Framing> void run(List<Frame> frames, Function<Pixels, F> place, Answer<F> answer) {
        Map<F, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < frames.size(); i++) {
            alike.computeIfAbsent(place.apply(frames.get(i).pixels()), framing -> new ArrayList<>())
                    .add(i);
        }
        alike.forEach((framing, places) -> {
            int most = (int) Math.min(batch(), MOST_PIXELS / ((long) framing.inputHeight() * framing.inputWidth()));
            for (int from = 0; from < places.size(); ) {
                int batch = batch(places.size() - from, most);
                List<Integer> some = places.subList(from, Math.min(places.size(), from + batch));
                Map<String, float[]> outputs = bucket(batch, framing.inputHeight(), framing.inputWidth())
                        .run(some.stream().map(frames::get).toList(), Collections.nCopies(some.size(), framing));
                for (int slot = 0; slot < some.size(); slot++) {
                    answer.take(some.get(slot), framing, outputs, slot);
                }
                from += some.size();
            }
        });
    }

    /** The largest batch of those allowed that so many pictures fill at least half. */
    private static int batch(int pictures, int most) {
        int chosen = 1;
        for (int batch : BATCHES) {
            if (2 * pictures >= batch && batch <= most) {
                chosen = batch;
            }
        }
        return chosen;
    }

    @Override
    public void close() {
        buckets.values().forEach(Bucket::close);
        buckets.clear();
    }
}
