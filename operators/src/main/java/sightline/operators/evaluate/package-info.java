/**
 * How good a network is: average precision as COCO counts it, its keypoint form, and mean intersection over union.
 */
package sightline.operators.evaluate;
