/**
 * LitePose (Wang et al., CVPR 2022): bottom-up human poses. {@link sightline.operators.litepose.LitePose} defines the
 * network; {@code People} puts together what the maps say. {@link sightline.operators.litepose.AssociativeEmbedding} is the
 * evidence of maps that came back, {@code Looker} that of an engine which finds peaks and missing joints itself and keeps the
 * maps: the same people, number by number.
 */
package sightline.operators.litepose;
