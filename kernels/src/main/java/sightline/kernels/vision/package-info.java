/** From pixels to the tensor that a network reads, in one pass and with no picture in between. */
package sightline.kernels.vision;
