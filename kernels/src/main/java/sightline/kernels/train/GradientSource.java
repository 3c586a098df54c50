package sightline.kernels.train;

/**
 * One worker of a run: makes its share of a step's batch, runs the network on it and gives loss and gradients.
 *
 * <p>Threading: each worker is called by one thread at a time; different workers at the same time. Determinism: the
 * same step and shard with the same parameters give the same result, whatever ran before.
 */
public interface GradientSource extends AutoCloseable {
    /**
     * Its share of a step.
     *
     * @param step index of the step, from 0
     * @return owned by the worker and overwritten by its next call
     */
    ShardResult compute(long step);

    @Override
    void close();
}
