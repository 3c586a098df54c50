/**
 * Training: parameters, optimisers, schedules, moving averages, checkpoints and the loop that drives them. Knows
 * nothing of pictures or boxes: a task supplies batches and turns network outputs into losses and cotangents.
 *
 * <ul>
 *   <li>{@link sightline.kernels.train.Parameters} the values being trained, by their official names
 *   <li>{@link sightline.kernels.train.AdamW} the plain optimiser, {@link sightline.kernels.train.CoatAdamW} the one
 *       whose moments live in eight bits
 *   <li>{@link sightline.kernels.train.Checkpoint} everything a run needs to go on exactly where it stopped
 * </ul>
 */
package sightline.kernels.train;
