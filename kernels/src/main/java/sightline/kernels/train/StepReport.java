package sightline.kernels.train;

import java.time.Duration;
import java.util.Map;

/**
 * Where a run stands.
 *
 * @param step steps done
 * @param total steps of the run
 * @param losses parts of this step's loss, with {@code loss} the whole and {@code norm} that of the gradient
 * @param rate learning rate used
 * @param elapsed since this process took up the run
 * @param remaining at the pace so far
 */
public record StepReport(
        long step, long total, Map<String, Double> losses, double rate, Duration elapsed, Duration remaining) {}
