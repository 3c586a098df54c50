/**
 * Recording topics to files and playing them again. {@link sightline.pipeline.recording.RecordingWriter} keeps Kafka records
 * as they were, in MCAP files that Foxglove opens; {@link sightline.pipeline.recording.ExposureMerge} brings inputs into the
 * order of their exposures whatever order they arrive in; {@link sightline.pipeline.recording.Refusion} fuses them again,
 * with the same digest every time.
 */
package sightline.pipeline.recording;
