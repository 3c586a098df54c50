package sightline.sensors.source;

import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;

/**
 * What all frames of a source have in common.
 *
 * @param camera configured name
 * @param epoch start of its numbering, nanoseconds since the Unix epoch
 * @param origin REPLAY for recordings, LIVE for cameras
 * @param calibration version in force; empty without one
 * @param clockId which clock stamps the exposures
 * @param sigmaNanos how well it is known
 */
public record CameraStamp(
        String camera, long epoch, Origin origin, String calibration, String clockId, long sigmaNanos) {
    /** A recording without calibration, stamped from its own start. */
    public static CameraStamp replay(String camera, long epoch) {
        return new CameraStamp(camera, epoch, Origin.REPLAY, "", "recording", 0);
    }

    public CameraStamp calibrated(String version) {
        return new CameraStamp(camera, epoch, origin, version, clockId, sigmaNanos);
    }

    /** The header of one frame. */
    public FrameHeader header(long sequence, long exposureNanos, int width, int height) {
        return new FrameHeader(
                camera,
                epoch,
                sequence,
                new ObservationTime(exposureNanos, sigmaNanos, clockId, 0, 0),
                origin,
                width,
                height,
                calibration,
                "");
    }
}
