package sightline.kernels.train;

import java.util.Map;

/**
 * What one worker found for one step.
 *
 * @param losses named parts of the loss and whatever else is worth a curve; {@code loss} is the whole
 * @param gradients of the mean loss, by parameter
 * @param statistics batch statistics by the name of the running statistic that they feed
 */
public record ShardResult(
        Map<String, Double> losses, Map<String, float[]> gradients, Map<String, float[]> statistics) {}
