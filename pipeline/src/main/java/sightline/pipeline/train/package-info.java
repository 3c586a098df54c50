/** Training and evaluation at the command line. */
package sightline.pipeline.train;
