package sightline.operators.pool;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Makes a worker's batches ahead of time on other threads: while one is being learned, the next is being drawn.
 *
 * <p>Threading: {@link #take} by one thread. What a batch holds depends on the step alone.
 */
public final class BatchFeed {
    /** Pixels and objects of a batch; the pixels are overwritten two batches later. */
    public record Batch(FloatBuffer pixels, List<List<Target>> targets) {}

    private final ExecutorService threads;
    private final ThreadLocal<SampleMaker> makers;
    private final int size;
    private final int first;
    private final int values;
    private final FloatBuffer[] buffers;
    private long drawing = -1;
    private List<Future<List<Target>>> coming = List.of();

    /**
     * A feed of samples {@code first} to {@code first + size - 1} of every step.
     *
     * @param maker a new maker for each thread that draws
     * @param side of the network's input
     */
    public BatchFeed(ExecutorService threads, Supplier<SampleMaker> maker, int side, int first, int size) {
        this.threads = threads;
        this.makers = ThreadLocal.withInitial(maker);
        this.size = size;
        this.first = first;
        this.values = 3 * side * side;
        this.buffers = new FloatBuffer[] {FloatBuffer.allocate(size * values), FloatBuffer.allocate(size * values)};
    }

    public Batch take(long step) throws InterruptedException {
        if (drawing != step) {
            draw(step);
        }
        List<List<Target>> targets = new ArrayList<>();
        for (Future<List<Target>> sample : coming) {
            try {
                targets.add(sample.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a sample could not be made", e.getCause());
            }
        }
        Batch batch = new Batch(buffers[(int) (step & 1)], targets);
        draw(step + 1);
        return batch;
    }

    private void draw(long step) {
        drawing = step;
        FloatBuffer into = buffers[(int) (step & 1)];
        List<Future<List<Target>>> samples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int index = i;
            samples.add(threads.submit(() -> makers.get()
                    .fill(
                            step,
                            first + index,
                            1,
                            into.duplicate().position(index * values).slice())
                    .getFirst()));
        }
        coming = samples;
    }
}
