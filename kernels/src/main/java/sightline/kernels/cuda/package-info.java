/**
 * The CUDA engine: kernels of our own through JCuda's driver API, with nothing but {@code libcuda.so.1} at run time.
 *
 * <p>The map:
 *
 * <ul>
 *   <li>{@link sightline.kernels.cuda.CudaEngine} compiles graphs for a {@link sightline.kernels.cuda.CudaDevice}, which owns a
 *       context and the one thread that all driver calls of its networks are made on; {@link
 *       sightline.kernels.cuda.SteadyEngine} makes a lost context anew.
 *   <li>Runs overlap on a {@link sightline.kernels.cuda.Conveyor}: while the network computes one batch in a {@link
 *       sightline.kernels.cuda.Seat}, {@link sightline.kernels.cuda.Lanes} decode the next and make tensors of it, and results
 *       go back in a stream of their own; {@link sightline.kernels.cuda.Turn} says when to take the next batch, as late as
 *       leaves the network at work.
 *   <li>{@link sightline.kernels.cuda.Residents} knows whose memory goes first where another session needs room; {@link
 *       sightline.kernels.cuda.PeerCopy} moves states between devices.
 *   <li>{@link sightline.kernels.cuda.Lowering} makes a program of a graph. A {@link sightline.kernels.cuda.Tuner} times
 *       candidates where the graph is compiled, a {@link sightline.kernels.cuda.TileCache} keeps what was the fastest, and {@link
 *       sightline.kernels.cuda.TunedNetwork} sees whether it is so as a whole.
 * </ul>
 *
 * <p>Below, each seeing only those before it, none a device, and none seen from outside: {@link
 * sightline.kernels.cuda.program} is what a lowered graph is, {@link sightline.kernels.cuda.pattern} what lowerings find in a
 * graph, {@link sightline.kernels.cuda.expression} compiles expressions to PTX, {@link sightline.kernels.cuda.single} lowers
 * to float32 and bfloat16, for training too, {@link sightline.kernels.cuda.half} to float16, for inference. Beside them {@link
 * sightline.kernels.cuda.driver}, which sees programs alone, calls the driver.
 */
package sightline.kernels.cuda;
