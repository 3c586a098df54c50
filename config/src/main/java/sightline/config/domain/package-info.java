/**
 * The records that travel between stages: what a sensor saw, what a network found in it, what a node believes, what all
 * nodes agree on, and what happened.
 *
 * <p>A walk through the package follows a frame: {@link sightline.config.domain.EncodedFrame} is decoded to a
 * {@link sightline.config.domain.Frame}, becomes {@link sightline.config.domain.Detections} (or
 * {@link sightline.config.domain.Poses}, {@link sightline.config.domain.Segmentation}), is placed on the ground as a
 * {@link sightline.config.domain.Scan}, enters a {@link sightline.config.domain.Belief}, and leaves as a
 * {@link sightline.config.domain.Track} whose {@link sightline.config.domain.Receipt} says who contributed.
 *
 * <p>All records are immutable and safe to share between threads. Arrays inside records are owned by the record: callers
 * must not write to them. Only {@link sightline.config.domain.Pixels} has a life cycle.
 *
 * <p>Units: metres, seconds where a name says so, int64 nanoseconds since the Unix epoch for instants, radians
 * counter-clockwise from east for angles, pixels with (0, 0) at the corner of the first pixel.
 */
package sightline.config.domain;
