package sightline.operators.perception;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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
 * <p>Threading: one thread at a time, but that runs which were begun are finished by any. Ownership: closes its sessions; the weights stay the caller's and must outlive it.
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

    private final Engine engine;
    private final Function<Shape, Graph> network;
    private final Weights weights;
    private final CompileOptions options;
    private final Recipe recipe;
    private final Map<Size, Bucket> buckets = new HashMap<>();
    /** In which a run was begun last; null before the first. */
    private Bucket last;

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

    /** The size that is compiled for a batch. */
    public Bucket bucket(Batch<?> batch) {
        return bucket(
                batch.size(), batch.framing().inputHeight(), batch.framing().inputWidth());
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
     * Which frames are run together: those of one framing, as many as the engine gains from.
     *
     * @param place how a picture becomes the input
     */
    public <F extends Framing> List<Batch<F>> batches(List<Frame> frames, Function<Pixels, F> place) {
        return Batch.of(frames, place, batch());
    }

    /**
     * Runs pictures in {@link #batches}.
     *
     * @param place how a picture becomes the input
     */
    public <F extends Framing> void run(List<Frame> frames, Function<Pixels, F> place, Answer<F> answer) {
        for (Batch<F> batch : batches(frames, place)) {
            answer(batch, bucket(batch).run(batch.frames(), batch.framings()), answer);
        }
    }

    /**
     * The same, going on while the engine is at work, where it can do so.
     *
     * @param answer called by this thread or by the one that finishes, never by both at a time
     */
    public <F extends Framing> UnderWay begin(List<Frame> frames, Function<Pixels, F> place, Answer<F> answer) {
        UnderWay underWay = new UnderWay();
        try {
            for (Batch<F> batch : batches(frames, place)) {
                last = bucket(batch);
                Optional<Bucket.Begun> begun = last.begin(batch.frames(), batch.framing());
                if (begun.isPresent()) {
                    underWay.add(begun.get(), outputs -> answer(batch, outputs, answer));
                } else {
                    answer(batch, last.run(batch.frames(), batch.framings()), answer);
                }
            }
            return underWay;
        } catch (RuntimeException failure) {
            underWay.close();
            throw failure;
        }
    }

    /** Waits until more should be begun: see {@link sightline.kernels.engine.Session#awaitTurn}. */
    public void awaitTurn() {
        if (last != null) {
            last.awaitTurn();
        }
    }

    /** Runs that were begun together. One thread, another perhaps than that which began them. */
    public static final class UnderWay implements AutoCloseable {
        /** A session has room for few, so what is begun together must not fill it up by itself. */
        private static final int MOST = 2;

        private record Part(Bucket.Begun run, Consumer<Map<String, float[]>> reader) {}

        private final Deque<Part> parts = new ArrayDeque<>();

        private void add(Bucket.Begun run, Consumer<Map<String, float[]>> reader) {
            parts.add(new Part(run, reader));
            if (parts.size() > MOST) {
                finishOne();
            }
        }

        private void finishOne() {
            Part part = parts.remove();
            part.run.finish(part.reader);
        }

        /** Waits for all of them and has them answered. */
        public void finish() {
            while (!parts.isEmpty()) {
                finishOne();
            }
        }

        /** Gives up what is not finished. */
        @Override
        public void close() {
            while (!parts.isEmpty()) {
                parts.remove().run.close();
            }
        }
    }

    private static <F extends Framing> void answer(
            Batch<F> batch, Map<String, float[]> outputs, Answer<? super F> answer) {
        for (int slot = 0; slot < batch.places().size(); slot++) {
            answer.take(batch.places().get(slot), batch.framing(), outputs, slot);
        }
    }

    @Override
    public void close() {
        buckets.values().forEach(Bucket::close);
        buckets.clear();
    }
}
