/**
 * What all perception stages share: {@link sightline.operators.perception.FreshestBatches}, the operator that lets a slow
 * network see the newest frame of each camera, the interface that every network stands behind, and {@link
 * sightline.operators.perception.Networks}, a network in the sizes that its cameras need, which runs their frames in batches
 * ({@link sightline.operators.perception.Batch}).
 */
package sightline.operators.perception;
