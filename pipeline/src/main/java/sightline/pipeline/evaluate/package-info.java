/** The pipeline against recordings whose truth is known. */
package sightline.pipeline.evaluate;
