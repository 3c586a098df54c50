/**
 * The gradient of a graph is a graph. {@link sightline.kernels.grad.Gradients} writes, after a network's own nodes, the
 * nodes that pull cotangents of its outputs back to its parameters; any engine runs the result. {@link
 * sightline.kernels.grad.TwoPhase} cuts it into a forward and a backward half for losses that are computed outside.
 *
 * <p>Each family of operations has its rules in a file of its own; an operation without a rule fails when the gradient
 * is written, never when it runs.
 */
package sightline.kernels.grad;
