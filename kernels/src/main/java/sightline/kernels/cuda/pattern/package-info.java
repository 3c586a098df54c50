/**
 * Internal to the CUDA engine: what its lowerings look for in a graph before they write kernels. Knows graphs alone; what does
 * not look exactly so is left to the operations that it is made of.
 *
 * <ul>
 *   <li>For half precision: {@link sightline.kernels.cuda.pattern.Folding} of norms into {@link
 *       sightline.kernels.cuda.pattern.Weights32}, a {@link sightline.kernels.cuda.pattern.ConvolutionPlan} with its bias,
 *       activation and residual, an {@link sightline.kernels.cuda.pattern.AttentionPattern}; {@link
 *       sightline.kernels.cuda.pattern.ChannelMeans} and what may be stored without them ({@link
 *       sightline.kernels.cuda.pattern.Centring}).
 *   <li>For training: {@link sightline.kernels.cuda.pattern.TrainingFusion}, {@link
 *       sightline.kernels.cuda.pattern.WrittenNorms}, {@link sightline.kernels.cuda.pattern.GatedFeedForward}, and where
 *       activations are kept in {@link sightline.kernels.cuda.pattern.EightBits}.
 * </ul>
 */
package sightline.kernels.cuda.pattern;
