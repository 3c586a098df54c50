/**
 * Scores of tracks against truth. Sets of points: {@link sightline.operators.metrics.Ospa}, {@link
 * sightline.operators.metrics.Gospa}, {@link sightline.operators.metrics.TrackOspa}. Tracks with identities, on points
 * or boxes through a similarity: {@link sightline.operators.metrics.ClearMot}, {@link
 * sightline.operators.metrics.IdentityScore}, {@link sightline.operators.metrics.Hota}. Honesty of the stated
 * uncertainty: {@link sightline.operators.metrics.Calibration}.
 */
package sightline.operators.metrics;
