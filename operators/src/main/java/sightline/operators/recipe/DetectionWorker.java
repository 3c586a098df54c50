package sightline.operators.recipe;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import sightline.config.domain.ObjectClass;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.train.GradientSource;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.ShardResult;
import sightline.operators.pool.BatchFeed;

/**
 * One worker of a detector's training: draws its share of the batch, runs the network, computes the loss and its
 * gradient in Java, and runs the gradient graph.
 */
final class DetectionWorker implements GradientSource {
    private static final int CLASSES = ObjectClass.values().length;

    private final NetworkGradient network;
    private final Parameters parameters;
    private final BatchFeed feed;
    private final LongToDoubleFunction prior;
    private final DetectionLoss loss = new DetectionLoss(CLASSES);
    private final List<HeadLevel> levels = new ArrayList<>();

    DetectionWorker(NetworkGradient network, Parameters parameters, BatchFeed feed, LongToDoubleFunction prior) {
        this.network = network;
        this.parameters = parameters;
        this.feed = feed;
        this.prior = prior;
        for (int stride : DetectionHeads.STRIDES) {
            Tensor logits = network.cotangent(DetectionHeads.logits(stride));
            levels.add(HeadLevel.of(stride, (int) logits.dim(2), (int) logits.dim(3), (int) logits.dim(0), CLASSES));
        }
    }

    @Override
    public ShardResult compute(long step) {
        try {
            BatchFeed.Batch batch = feed.take(step);
            network.input(DetectionHeads.IMAGE)
                    .data()
                    .asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .put(batch.pixels().duplicate().clear());
            Map<String, Tensor> outputs = network.forward(parameters);
            for (HeadLevel level : levels) {
                Arrays32.get(outputs.get(DetectionHeads.logits(level.stride())), level.scores());
                Arrays32.get(outputs.get(DetectionHeads.distances(level.stride())), level.boxes());
            }
            Map<String, Double> losses = loss.compute(levels, batch.targets(), prior.applyAsDouble(step));
            for (HeadLevel level : levels) {
                Arrays32.put(level.scoreGradient(), network.cotangent(DetectionHeads.logits(level.stride())));
                Arrays32.put(level.boxGradient(), network.cotangent(DetectionHeads.distances(level.stride())));
            }
            return network.backward(losses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
