/**
 * What all perception stages share: {@link sightline.operators.perception.FreshestBatches}, the operator that lets a slow
 * network see the newest frame of each camera, and the interface that every network stands behind.
 */
package sightline.operators.perception;
