/**
 * Internal to the CUDA engine: inference over float16 NHWC. {@link sightline.kernels.cuda.half.HalfLowering} takes the nodes for
 * which there is a fast kernel, with what can be fused into it, and leaves the rest to float32.
 *
 * <p>What rounding to eleven bits does on average is taken off again where it costs nothing: biases make up for rounded filters,
 * and images are stored less the means of their channels ({@link sightline.kernels.cuda.pattern.ChannelMeans}) where all who read
 * them can bear it ({@link sightline.kernels.cuda.pattern.Centring}).
 *
 * <p>A layer has several {@link sightline.kernels.cuda.half.Candidate}s: {@link sightline.kernels.cuda.half.DenseLayer} and
 * {@link sightline.kernels.cuda.half.DepthwiseLayer} list them by tiles ({@link
 * sightline.kernels.cuda.half.ConvolutionTile#ALL}, {@link sightline.kernels.cuda.half.HaloTile}, {@link
 * sightline.kernels.cuda.half.WideTile}, {@link sightline.kernels.cuda.half.SplitTile}, {@link
 * sightline.kernels.cuda.half.DepthwiseTile}), and two convolutions of a {@link sightline.kernels.cuda.half.FusedBottleneck} may
 * be one kernel. A {@link sightline.kernels.cuda.half.Chooser} picks one: the first guess, or what a tuner found the fastest.
 */
package sightline.kernels.cuda.half;
