/**
 * Internal to the CUDA engine: what a lowered graph is, and how one is written. Knows graphs and tensors, but no device.
 *
 * <ul>
 *   <li>An {@link sightline.kernels.cuda.program.Emitter} collects {@link sightline.kernels.cuda.program.Step}s, kernel calls
 *       whose {@link sightline.kernels.cuda.program.Params} point to {@link sightline.kernels.cuda.program.Slot}s, into a
 *       {@link sightline.kernels.cuda.program.Program}.
 *   <li>A {@link sightline.kernels.cuda.program.MemoryPlan} places the slots; a step with addresses is a {@link
 *       sightline.kernels.cuda.program.Launch}, and an {@link sightline.kernels.cuda.program.ExpressionKernel} may run in its
 *       stead. A {@link sightline.kernels.cuda.program.CopyEngine} is told of what it fetches.
 *   <li>What lies in slots: {@link sightline.kernels.cuda.program.Array32}s, walked as {@link
 *       sightline.kernels.cuda.program.Strided} says, {@link sightline.kernels.cuda.program.Pixels} in half precision, {@link
 *       sightline.kernels.cuda.program.Packed} activations; {@link sightline.kernels.cuda.program.HostArrays} converts from and
 *       to tensors.
 * </ul>
 */
package sightline.kernels.cuda.program;
