/**
 * The CUDA engine: kernels of our own through JCuda's driver API, with nothing but {@code libcuda.so.1} at run time.
 *
 * <p>The map, from the metal up:
 *
 * <ul>
 *   <li>{@link sightline.kernels.cuda.DriverProbe} asks whether a driver is there, without touching JCuda; {@link
 *       sightline.kernels.cuda.PrivateNatives} then loads JCuda where nobody else can write.
 *   <li>{@link sightline.kernels.cuda.CudaDevice} owns a context, a stream and one thread; all driver calls of a device
 *       are made on it. {@link sightline.kernels.cuda.KernelLibrary} holds its modules, a {@link
 *       sightline.kernels.cuda.LaunchGraph} captures a list of launches once and replays it.
 *   <li>Runs overlap on a {@link sightline.kernels.cuda.Conveyor}: while the network computes one batch in a {@link
 *       sightline.kernels.cuda.Seat}, {@link sightline.kernels.cuda.Lanes} decode the next and make tensors of it, and results
 *       go back in a stream of their own; {@link sightline.kernels.cuda.Turn} says when to take the next batch, as late as
 *       leaves the network at work.
 *   <li>{@link sightline.kernels.cuda.Residents} knows whose memory goes first where another session needs room; {@link
 *       sightline.kernels.cuda.PeerCopy} moves states between devices.
 *   <li>{@link sightline.kernels.cuda.Lowering} makes a program of a graph, out of the packages below. A {@link
 *       sightline.kernels.cuda.Tuner} times candidates where the graph is compiled, a {@link sightline.kernels.cuda.TileCache}
 *       keeps what was the fastest, and {@link sightline.kernels.cuda.TunedNetwork} sees whether it is so as a whole.
 * </ul>
 *
 * <p>Below, each seeing only those before it, none a device, and none seen from outside: {@link
 * sightline.kernels.cuda.program} is what a lowered graph is, {@link sightline.kernels.cuda.pattern} what lowerings find in a
 * graph, {@link sightline.kernels.cuda.expression} compiles expressions to PTX, {@link sightline.kernels.cuda.single} lowers
 * to float32 and bfloat16, for training too, {@link sightline.kernels.cuda.half} to float16, for inference.
 *
 * <p>This package alone imports JCuda, tests included.
 */
package sightline.kernels.cuda;
