package sightline.operators.perception;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
        for (Group<F> group : groups(frames, place)) {
            group.answer(group.bucket().run(group.frames(), Collections.nCopies(group.size(), group.framing)), answer);
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
            for (Group<F> group : groups(frames, place)) {
                last = group.bucket();
                Optional<Bucket.Begun> begun = last.begin(group.frames(), group.framing);
                if (begun.isPresent()) {
                    underWay.add(begun.get(), outputs -> group.answer(outputs, answer));
                } else {
                    group.answer(last.run(group.frames(), Collections.nCopies(group.size(), group.framing)), answer);
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

    /** Pictures of one run. */
    private final class Group<F extends Framing> {
        private final F framing;
        private final int batch;
        private final List<Integer> places;
        private final List<Frame> frames;

        Group(F framing, int batch, List<Integer> places, List<Frame> all) {
            this.framing = framing;
            this.batch = batch;
            this.places = places;
            this.frames = places.stream().map(all::get).toList();
        }

        Bucket bucket() {
            return Networks.this.bucket(batch, framing.inputHeight(), framing.inputWidth());
        }

        List<Frame> frames() {
            return frames;
        }

        int size() {
            return frames.size();
        }

        void answer(Map<String, float[]> outputs, Answer<F> answer) {
            for (int slot = 0; slot < places.size(); slot++) {
                answer.take(places.get(slot), framing, outputs, slot);
            }
        }
    }

    private <F extends Framing> List<Group<F>> groups(List<Frame> frames, Function<Pixels, F> place) {
        Map<F, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < frames.size(); i++) {
            alike.computeIfAbsent(place.apply(frames.get(i).pixels()), framing -> new ArrayList<>())
                    .add(i);
        }
        List<Group<F>> groups = new ArrayList<>();
        alike.forEach((framing, places) -> {
            int most = (int) Math.min(batch(), MOST_PIXELS / ((long) framing.inputHeight() * framing.inputWidth()));
            for (int from = 0; from < places.size(); ) {
                int batch = batch(places.size() - from, most);
                int to = Math.min(places.size(), from + batch);
                groups.add(new Group<>(framing, batch, List.copyOf(places.subList(from, to)), frames));
                from = to;
            }
        });
        return groups;
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
