package sightline.operators.recipe;

import java.util.List;
import java.util.Map;
import sightline.kernels.tensor.Tensor;

/**
 * Loss of a batch. One thread.
 *
 * @param <T> what is known of a sample
 */
interface TaskLoss<T> {
    /**
     * Reads the network's outputs and writes the gradient of the loss to the cotangents.
     *
     * @param taught what a teacher says of the same samples; empty without one
     * @return {@code loss} and whatever else is worth a line
     */
    Map<String, Double> compute(Map<String, Tensor> outputs, Map<String, Tensor> taught, List<T> targets, long step);
}
