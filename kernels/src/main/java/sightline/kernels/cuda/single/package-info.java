/**
 * Internal to the CUDA engine: graphs over float32 arrays, any node and any gradient, exact or with large products rounded to
 * bfloat16.
 *
 * <ul>
 *   <li>{@link sightline.kernels.cuda.single.Lowering32} turns any node into kernels, by families ({@link
 *       sightline.kernels.cuda.single.Convolution32}, {@link sightline.kernels.cuda.single.Reduction32}, {@link
 *       sightline.kernels.cuda.single.Spatial32} …).
 *   <li>What {@link sightline.kernels.cuda.single.Deferral} lets wait becomes whole {@link
 *       sightline.kernels.cuda.single.Expressions}: {@link sightline.kernels.cuda.single.Drafts} puts them together from {@link
 *       sightline.kernels.cuda.single.Term}s, {@link sightline.kernels.cuda.single.Storing} weighs what to store.
 *   <li>{@link sightline.kernels.cuda.single.Rounded} keeps what mixed precision needs in bfloat16 alone, kernels that take both
 *       forms are told of an array as {@link sightline.kernels.cuda.single.Either}, {@link
 *       sightline.kernels.cuda.single.EightBits32} what is kept in less; {@link sightline.kernels.cuda.single.Products32}
 *       multiplies, a {@link sightline.kernels.cuda.single.WideCut} says in what tiles and pieces large products are made.
 *       {@link sightline.kernels.cuda.single.GatedDepthwise32} is what lies between the two products of a gated feed-forward,
 *       {@link sightline.kernels.cuda.single.Attention16} two kernels or three.
 *   <li>{@link sightline.kernels.cuda.single.CoatUpdates} moves parameters as soon as their gradients are there.
 *   <li>{@link sightline.kernels.cuda.single.Findings} looks for boxes and peaks in maps where they lie, in either layout, so
 *       that the maps need not leave the device.
 * </ul>
 */
package sightline.kernels.cuda.single;
