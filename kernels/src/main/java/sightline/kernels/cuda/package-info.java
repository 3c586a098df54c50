/**
 * The CUDA engine: kernels of our own through JCuda's driver API, with nothing but {@code libcuda.so.1} at run time.
 *
 * <p>The map, from the metal up:
 *
 * <ul>
 *   <li>{@link sightline.kernels.cuda.DriverProbe} asks whether a driver is there, without touching JCuda; {@link
 *       sightline.kernels.cuda.PrivateNatives} then loads JCuda where nobody else can write.
 *   <li>{@link sightline.kernels.cuda.CudaDevice} owns a context, a stream and one thread; all driver calls of a device
 *       are made on it. {@link sightline.kernels.cuda.KernelLibrary} holds its modules.
 *   <li>{@link sightline.kernels.cuda.Launch} is one kernel call with its packed parameters; a {@link
 *       sightline.kernels.cuda.LaunchGraph} captures a list of them once and replays it.
 *   <li>Runs overlap on a {@link sightline.kernels.cuda.Conveyor}: while the network computes one batch in a {@link
 *       sightline.kernels.cuda.Seat}, {@link sightline.kernels.cuda.Lanes} decode the next and make tensors of it, and results
 *       go back in a stream of their own; {@link sightline.kernels.cuda.Turn} says when to take the next batch, as late as
 *       leaves the network at work.
 *   <li>{@link sightline.kernels.cuda.Residents} knows whose memory goes first where another session needs room; {@link
 *       sightline.kernels.cuda.PeerCopy} moves states between devices.
 *   <li>A layer in half precision has several {@link sightline.kernels.cuda.Candidate}s ({@link
 *       sightline.kernels.cuda.ConvolutionTile#ALL} lists the tiles of convolutions); a {@link
 *       sightline.kernels.cuda.Tuner} times them where the graph is compiled, a {@link sightline.kernels.cuda.TileCache}
 *       keeps what was the fastest, and {@link sightline.kernels.cuda.TunedNetwork} sees whether it is so as a whole. Two
 *       convolutions of a {@link sightline.kernels.cuda.FusedBottleneck} may be one kernel.
 *   <li>{@link sightline.kernels.cuda.Lowering32} turns any node into float32 kernels; what {@link
 *       sightline.kernels.cuda.Deferral} lets wait becomes whole {@link sightline.kernels.cuda.Expressions}, each a
 *       kernel of its own in PTX ({@link sightline.kernels.cuda.ExpressionKernels}) or interpreted: {@link
 *       sightline.kernels.cuda.Drafts} puts them together from {@link sightline.kernels.cuda.Term}s, {@link
 *       sightline.kernels.cuda.Storing} weighs what to store, {@link sightline.kernels.cuda.WholeRows} makes one kernel of a
 *       norm, and {@link sightline.kernels.cuda.Rounded} keeps what mixed precision needs in bfloat16 alone; a {@link
 *       sightline.kernels.cuda.WideCut} says in what tiles and pieces its large products are made. A {@link
 *       sightline.kernels.cuda.GatedFeedForward} is one kernel each way, {@link sightline.kernels.cuda.Attention16} two or
 *       three.
 *   <li>{@link sightline.kernels.cuda.Findings} looks for boxes and peaks in maps where they lie, in either layout, so that the maps
 *       need not leave the device.
 * </ul>
 *
 * <p>This package alone imports JCuda.
 */
package sightline.kernels.cuda;
