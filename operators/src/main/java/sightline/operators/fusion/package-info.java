/**
 * Fusion of many nodes: {@link sightline.operators.fusion.FusionNode} is what the pipeline runs, a synchronous state
 * machine over domain records. {@link sightline.operators.fusion.TrackTable} and {@link
 * sightline.operators.fusion.TrackFusion} are the rules beneath it (product and geometric mean, label by label).
 */
package sightline.operators.fusion;
