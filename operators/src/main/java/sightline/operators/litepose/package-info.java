/**
 * LitePose (Wang et al., CVPR 2022): bottom-up human poses. {@link sightline.operators.litepose.LitePose} defines the
 * network, {@link sightline.operators.litepose.AssociativeEmbedding} turns its heat and tag maps into people.
 */
package sightline.operators.litepose;
