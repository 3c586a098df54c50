package sightline.operators.perception;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import sightline.config.domain.Frame;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.ImageToTensor;

/**
 * One compiled size of a network: its session, its input tensor, and arrays that its outputs are copied to. All buffers
 * are made once. One thread at a time; a run that was begun is finished by any.
 */
public final class Bucket implements AutoCloseable {
    private static final int TRANSFORMS_KEPT = 16;

    private final Session session;
    private final String inputName;
    private final Value shape;
    /** Made when it is first written: where pictures go to the device as they are, it never is. */
    private Tensor input;

    private final Map<String, float[]> outputs;
    /** Arrays of runs that were begun and are finished. */
    private final Queue<Map<String, float[]>> spare = new ConcurrentLinkedQueue<>();

    private final Networks.Recipe recipe;
    private final int threads;
    /** The last few picture sizes seen; cameras of one pipeline share a handful. */
    private final Map<Framing, ImageToTensor> transforms = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Framing, ImageToTensor> eldest) {
            return size() > TRANSFORMS_KEPT;
        }
    };

    private final Framing[] padded;
    /** Whether the input is that of the last run, rather than an older one where pictures went to the device as they are. */
    private boolean written;

    Bucket(Session session, Networks.Recipe recipe, int threads) {
        this.session = session;
        this.recipe = recipe;
        this.threads = threads;
        this.inputName = session.graph().inputs().keySet().iterator().next();
        this.shape = session.graph().inputs().get(inputName);
        this.padded = new Framing[batch()];
        this.outputs = arrays();
    }

    private Map<String, float[]> arrays() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        session.graph()
                .outputs()
                .forEach((name, value) ->
                        arrays.put(name, new float[Math.toIntExact(value.shape().elements())]));
        return arrays;
    }

    private Tensor input() {
        if (input == null) {
            input = Tensor.allocate(shape.dtype(), shape.shape().toArray());
        }
        return input;
    }

    /** Pictures of one run. */
    public int batch() {
        return Math.toIntExact(shape.size(0));
    }

    public int height() {
        return Math.toIntExact(shape.size(2));
    }

    public int width() {
        return Math.toIntExact(shape.size(3));
    }

    /** Height and width of an output. */
    public long size(String output, int axis) {
        return session.graph().output(output).size(axis);
    }

    /**
     * Runs up to {@link #batch()} frames.
     *
     * @return outputs by name, valid until the next run; picture i of n lies at i times the size of one
     */
    public synchronized Map<String, float[]> run(List<Frame> frames, List<? extends Framing> framings) {
        Optional<Map<String, float[]>> made = onDevice(frames, framings);
        written = made.isEmpty();
        return made.orElseGet(() -> {
            write(frames, framings);
            return run();
        });
    }

    /**
     * Begins what {@link #run} does, for frames of one framing, and goes on; empty where the engine does not overlap runs, and
     * then nothing was begun. Frames are read until it is finished or closed.
     */
    synchronized Optional<Begun> begin(List<Frame> frames, Framing framing) {
        return session.beginPictures(
                        frames.stream().map(Frame::pixels).toList(),
                        framing,
                        recipe.resampling(),
                        recipe.normalisation())
                .map(run -> new Begun(run, frames, framing));
    }

    /** See {@link Session#awaitTurn}. */
    void awaitTurn() {
        session.awaitTurn();
    }

    /** A run that is under way; one thread, another perhaps than that which began it. */
    final class Begun implements AutoCloseable {
        private final PendingRun run;
        private final List<Frame> frames;
        private final Framing framing;

        private Begun(PendingRun run, List<Frame> frames, Framing framing) {
            this.run = run;
            this.frames = frames;
            this.framing = framing;
        }

        /** Hands the outputs over for as long as the call takes. Where the device was lost they are computed again here. */
        void finish(Consumer<Map<String, float[]>> reader) {
            Map<String, float[]> arrays = Optional.ofNullable(spare.poll()).orElseGet(Bucket.this::arrays);
            boolean there;
            try (run) {
                there = run.outputs().map(results -> copied(results, arrays)).isPresent();
            }
            if (there) {
                reader.accept(arrays);
            } else {
                synchronized (Bucket.this) {
                    reader.accept(Bucket.this.run(frames, Collections.nCopies(frames.size(), framing)));
                }
            }
            spare.add(arrays);
        }

        @Override
        public void close() {
            run.close();
        }
    }

    /** Pictures of one size can become tensors where the network runs. */
    private Optional<Map<String, float[]>> onDevice(List<Frame> frames, List<? extends Framing> framings) {
        if (framings.stream().distinct().count() != 1) {
            return Optional.empty();
        }
        return session.runPictures(
                        frames.stream().map(Frame::pixels).toList(),
                        framings.getFirst(),
                        recipe.resampling(),
                        recipe.normalisation())
                .map(results -> copied(results, outputs));
    }

    /** Runs again what ran last, the same frames, mirrored left to right as a whole, padding and all. */
    public synchronized Map<String, float[]> runMirrored(List<Frame> frames, List<? extends Framing> framings) {
        if (!written) {
            write(frames, framings);
        }
        long width = width();
        MemorySegment data = input().data();
        for (long row = 0; row < input().size(); row += width) {
            for (long left = row, right = row + width - 1; left < right; left++, right--) {
                float value = data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, left);
                data.setAtIndex(
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        left,
                        data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, right));
                data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, right, value);
            }
        }
        Arrays.fill(padded, null);
        written = false;
        return run();
    }

    private Map<String, float[]> run() {
        return copied(session.run(Map.of(inputName, input())), outputs);
    }

    private static Map<String, float[]> copied(Map<String, Tensor> results, Map<String, float[]> arrays) {
        arrays.forEach((name, array) -> MemorySegment.copy(
                results.get(name).data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, array, 0, array.length));
        return arrays;
    }

    private void write(List<Frame> frames, List<? extends Framing> framings) {
        for (int i = 0; i < frames.size(); i++) {
            write(frames.get(i), framings.get(i), i);
        }
    }

    private void write(Frame frame, Framing framing, int slot) {
        ImageToTensor transform = transforms.computeIfAbsent(
                framing, f -> new ImageToTensor(f, recipe.resampling(), recipe.normalisation(), threads));
        long offset = 4L * slot * transform.floats();
        if (!framing.equals(padded[slot])) {
            transform.pad(input().data(), offset, 0);
            padded[slot] = framing;
        }
        transform.write(frame.pixels(), input().data(), offset);
    }

    @Override
    public void close() {
        session.close();
    }
}
