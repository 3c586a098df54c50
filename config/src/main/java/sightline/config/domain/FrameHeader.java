package sightline.config.domain;

import java.util.Objects;

/**
 * What is known of a frame besides its pixels. (camera, epoch, sequence) identifies a frame for ever: the epoch changes
 * when a source restarts its count.
 *
 * @param camera configured sensor name
 * @param epoch start of the source's numbering, nanoseconds since the Unix epoch
 * @param sequence counts from 0 within the epoch
 * @param time when it was exposed, received and processed
 * @param origin where the picture came from
 * @param width pixels
 * @param height pixels
 * @param calibration version of the calibration in force; empty if the camera is not calibrated
 * @param trace W3C traceparent; empty if the frame is not traced
 */
public record FrameHeader(
        String camera,
        long epoch,
        long sequence,
        ObservationTime time,
        Origin origin,
        int width,
        int height,
        String calibration,
        String trace) {
    public FrameHeader {
        Objects.requireNonNull(camera, "camera");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(calibration, "calibration");
        Objects.requireNonNull(trace, "trace");
    }

    /** The CloudEvents id: camera, epoch and sequence. */
    public String id() {
        return camera + "/" + epoch + "/" + sequence;
    }

    public FrameHeader withTime(ObservationTime newTime) {
        return new FrameHeader(camera, epoch, sequence, newTime, origin, width, height, calibration, trace);
    }

    public FrameHeader withTrace(String newTrace) {
        return new FrameHeader(camera, epoch, sequence, time, origin, width, height, calibration, newTrace);
    }

    public FrameHeader withSize(int newWidth, int newHeight) {
        return new FrameHeader(camera, epoch, sequence, time, origin, newWidth, newHeight, calibration, trace);
    }
}
