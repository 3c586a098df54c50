/**
 * Camera geometry: from the numbers of a {@link sightline.config.site.Calibration} to pixels, rays and places on the
 * ground, and back.
 *
 * <p>Start at {@link sightline.sensors.geometry.CameraModel}. {@link sightline.sensors.geometry.FootPoint} says where an
 * image box touches the ground, {@link sightline.sensors.geometry.GroundProjector} carries it there with its
 * uncertainty, {@link sightline.sensors.geometry.GroundView} says which part of the ground a camera sees at all.
 *
 * <p>World: east, north, up in metres, ground at z = 0. Camera: x right, y down, z forward. Pixels: (0, 0) is the corner
 * of the first pixel. Everything here is immutable and safe to share between threads.
 */
package sightline.sensors.geometry;
