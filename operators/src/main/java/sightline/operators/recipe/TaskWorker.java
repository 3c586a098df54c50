package sightline.operators.recipe;

import java.nio.ByteOrder;
import java.util.Map;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.GradientSource;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.ShardResult;
import sightline.operators.pool.BatchFeed;

/**
 * One worker of a run: takes its share of the batch, runs the network, computes the loss and its gradient in Java, and
 * runs the gradient graph.
 */
final class TaskWorker<T> implements GradientSource {
    private final NetworkGradient network;
    private final Parameters parameters;
    private final BatchFeed<T> feed;
    private final TaskLoss<T> loss;
    private final Tutor tutor;

    TaskWorker(NetworkGradient network, Parameters parameters, BatchFeed<T> feed, TaskLoss<T> loss, Tutor tutor) {
        this.network = network;
        this.parameters = parameters;
        this.feed = feed;
        this.loss = loss;
        this.tutor = tutor;
    }

    @Override
    public ShardResult compute(long step) {
        try {
            BatchFeed.Batch<T> batch = feed.take(step);
            network.input(Task.IMAGE)
                    .data()
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .put(batch.pixels().duplicate().clear());
            Map<String, Tensor> outputs = network.forward(parameters);
            Map<String, Tensor> taught = tutor.look(network.input(Task.IMAGE));
            return network.backward(loss.compute(outputs, taught, batch.targets(), step));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        network.close();
        tutor.close();
    }
}
