package sightline.operators.perception;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
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

    private record Size(int batch, int height, int width) {}

    private static final int MOST_SIZES = 12;

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
            if (buckets.size() >= MOST_SIZES) {
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

    @Override
    public void close() {
        buckets.values().forEach(Bucket::close);
        buckets.clear();
    }
}
