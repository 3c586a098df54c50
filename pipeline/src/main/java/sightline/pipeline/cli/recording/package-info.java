/** {@code sightline record} and {@code sightline replay}. */
package sightline.pipeline.cli.recording;
