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
 *
 * @param <T> what is known of a sample
 */
public final class BatchFeed<T> {
    /**
     * A batch.
     *
     * @param pixels of its samples, overwritten two batches later
     * @param targets what is known of each
     */
    public record Batch<T>(FloatBuffer pixels, List<T> targets) {}

    private final ExecutorService threads;
    private final ThreadLocal<Sampler<T>> makers;
    private final int size;
    private final int first;
    private final int values;
    private final FloatBuffer[] buffers;
    private long drawing = -1;
    private List<Future<T>> coming = List.of();

    /**
     * A feed of samples {@code first} to {@code first + size - 1} of every step.
     *
     * @param maker a new maker for each thread that draws
     * @param side of the network's input
     */
    public BatchFeed(ExecutorService threads, Supplier<Sampler<T>> maker, int side, int first, int size) {
        this.threads = threads;
        this.makers = ThreadLocal.withInitial(maker);
        this.size = size;
        this.first = first;
        this.values = 3 * side * side;
        this.buffers = new FloatBuffer[] {FloatBuffer.allocate(size * values), FloatBuffer.allocate(size * values)};
    }

    public Batch<T> take(long step) throws InterruptedException {
        if (drawing != step) {
            draw(step);
        }
        List<T> targets = new ArrayList<>();
        for (Future<T> sample : coming) {
            try {
                targets.add(sample.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a sample could not be made", e.getCause());
            }
        }
        Batch<T> batch = new Batch<>(buffers[(int) (step & 1)], targets);
        draw(step + 1);
        return batch;
    }

    private void draw(long step) {
        drawing = step;
        FloatBuffer into = buffers[(int) (step & 1)];
        List<Future<T>> samples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int index = i;
            samples.add(threads.submit(() -> makers.get()
                    .draw(
                            step,
                            first + index,
                            into.duplicate().position(index * values).slice())));
        }
        coming = samples;
    }
}
