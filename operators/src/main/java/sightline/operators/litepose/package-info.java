/**
 * LitePose (Wang et al., CVPR 2022): bottom-up human poses. {@link sightline.operators.litepose.LitePose} defines the
 * network; {@code People} puts together what the maps of a batch say. {@link
 * sightline.operators.litepose.AssociativeEmbedding} is the evidence of one picture's maps that came back, {@code Looker} that
 * of an engine which finds peaks and missing joints itself, in all pictures of a batch at once, and keeps the maps: the same
 * people, number by number. {@link sightline.operators.litepose.Poser} is what the pipeline looks through.
 */
package sightline.operators.litepose;
