package sightline.operators.recipe;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.GradientSource;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.ShardResult;
import sightline.operators.pool.BatchFeed;

/**
 * One worker of a run: takes its share of the batch, runs the network, computes the loss and its gradient in Java, and
 * runs the gradient graph. What does not wait for new parameters, the next batch and what a teacher says of it, is done
 * while the optimiser moves them.
 */
final class TaskWorker<T> implements GradientSource {
    private final NetworkGradient network;
    private final Parameters parameters;
    private final BatchFeed<T> feed;
    private final TaskLoss<T> loss;
    private final Tutor tutor;
    private final ExecutorService ahead =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private long coming = -1;
    private Future<Lesson<T>> lesson;

    /** A batch whose pixels are the network's input, and what a teacher says of it. */
    private record Lesson<T>(List<T> targets, Map<String, Tensor> taught) {}

    TaskWorker(NetworkGradient network, Parameters parameters, BatchFeed<T> feed, TaskLoss<T> loss, Tutor tutor) {
        this.network = network;
        this.parameters = parameters;
        this.feed = feed;
        this.loss = loss;
        this.tutor = tutor;
    }

    @Override
    public ShardResult compute(long step) {
        Lesson<T> now = await(step);
        Map<String, Tensor> outputs = network.forward(parameters);
        ShardResult result = network.backward(loss.compute(outputs, now.taught(), now.targets(), step));
        prepare(step + 1);
        return result;
    }

    private void prepare(long step) {
        coming = step;
        lesson = ahead.submit(() -> {
            BatchFeed.Batch<T> batch = feed.take(step);
            Tensor image = network.input(Task.IMAGE);
            image.data()
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .put(batch.pixels().duplicate().clear());
            return new Lesson<>(batch.targets(), tutor.look(image));
        });
    }

    private Lesson<T> await(long step) {
        if (coming != step) {
            prepare(step);
        }
        try {
            return lesson.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a batch could not be prepared", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        ahead.close();
        network.close();
        tutor.close();
    }
}
