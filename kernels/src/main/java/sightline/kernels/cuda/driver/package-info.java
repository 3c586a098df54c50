/**
 * Internal to the CUDA engine but for {@link sightline.kernels.cuda.driver.CudaFailure}, {@link
 * sightline.kernels.cuda.driver.DriverStatus} and {@link sightline.kernels.cuda.driver.DeviceFacts}, which its callers see: the
 * driver's library and nvJPEG as they are called. This package alone imports JCuda, tests included.
 *
 * <ul>
 *   <li>{@link sightline.kernels.cuda.driver.DriverProbe} asks whether a driver is there, without touching JCuda; {@link
 *       sightline.kernels.cuda.driver.PrivateNatives} then loads JCuda where nobody else can write.
 *   <li>A {@link sightline.kernels.cuda.driver.DeviceContext} has a {@link sightline.kernels.cuda.driver.DeviceStream}, others on
 *       request, and loads {@link sightline.kernels.cuda.driver.DeviceKernel}s out of a {@link
 *       sightline.kernels.cuda.driver.KernelLibrary}. A {@link sightline.kernels.cuda.driver.LaunchGraph} captures a list of
 *       launches once and replays it; a {@link sightline.kernels.cuda.driver.DependentLaunch} may overlap with the one before.
 *   <li>{@link sightline.kernels.cuda.driver.DeviceMemory} and {@link sightline.kernels.cuda.driver.PinnedMemory} on the host;
 *       {@link sightline.kernels.cuda.driver.DeviceEvent} and {@link sightline.kernels.cuda.driver.EventTimer}.
 *   <li>What JCuda does not know is called directly: {@link sightline.kernels.cuda.driver.TensorMap}, {@link
 *       sightline.kernels.cuda.driver.NvJpeg}.
 * </ul>
 *
 * <p>A call that fails throws a {@link sightline.kernels.cuda.driver.CudaFailure}, whose sentence says what was being done. Whose
 * thread may call what is for the context's owner to keep.
 */
package sightline.kernels.cuda.driver;
