package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Segmentation;

/**
 * A camera's preview as one binary message: 4 bytes length of the header (big-endian), the header as JSON, the JPEG, and
 * the run-length coded label map if there is one (pairs of label and run length 1..255).
 */
final class CameraFrame {
    private CameraFrame() {}

    static Buffer encode(CameraView view, long sentNanos) {
        ByteBuffer jpeg = view.frame().payload().duplicate();
        Buffer mask = view.segmentation().map(s -> runs(s.labels())).orElseGet(Buffer::buffer);
        Buffer header = Json.object(json -> header(json, view, sentNanos, jpeg.remaining(), mask.length()));
        byte[] picture = new byte[jpeg.remaining()];
        jpeg.get(picture);
        return Buffer.buffer(4 + header.length() + picture.length + mask.length())
                .appendInt(header.length())
                .appendBuffer(header)
                .appendBytes(picture)
                .appendBuffer(mask);
    }

    private static void header(Json json, CameraView view, long sentNanos, int jpegBytes, int maskBytes)
            throws IOException {
        FrameHeader frame = view.frame().header();
        json.put("t", "camera")
                .put("camera", frame.camera())
                .put("seq", frame.sequence())
                .millis("time", frame.time().exposureNanos())
                .millis("sent", sentNanos)
                .put("origin", frame.origin().name())
                .put("w", frame.width())
                .put("h", frame.height())
                .put("calibration", frame.calibration())
                .put("jpeg", jpegBytes);
        if (view.detections().isPresent()) {
            Detections found = view.detections().get();
            json.put("model", found.model()).list("boxes", found.detections(), CameraFrame::box);
        }
        if (view.poses().isPresent()) {
            poses(json, view.poses().get());
        }
        if (view.segmentation().isPresent()) {
            Segmentation map = view.segmentation().get();
            json.object("mask", m -> m.put("w", map.width())
                    .put("h", map.height())
                    .put("bytes", maskBytes)
                    .put("model", map.model())
                    .strings("classes", map.classes()));
        }
    }

    private static void box(Json json, Detection found) throws IOException {
        json.put("x", found.box().x(), 1)
                .put("y", found.box().y(), 1)
                .put("w", found.box().width(), 1)
                .put("h", found.box().height(), 1)
                .put("s", found.score(), 2)
                .put("k", found.label().label());
        if (found.foot().isPresent()) {
            var foot = found.foot().get();
            json.array("foot", f -> f.add(foot.u(), 1).add(foot.v(), 1));
        }
    }

    private static void poses(Json json, Poses poses) throws IOException {
        json.put("skeleton", poses.skeleton().name())
                .put("poseModel", poses.model())
                .array("limbs", limbs -> {
                    for (int[] limb : poses.skeleton().limbs()) {
                        limbs.row(r -> r.add(limb[0]).add(limb[1]));
                    }
                })
                .array("poses", rows -> {
                    for (Pose pose : poses.poses()) {
                        rows.row(r -> {
                            for (Keypoint joint : pose.keypoints()) {
                                r.add(joint.u(), 1).add(joint.v(), 1).add(joint.score(), 2);
                            }
                        });
                    }
                });
    }

    /** Pairs of label and run length. */
    static Buffer runs(byte[] labels) {
        Buffer out = Buffer.buffer(1024);
        int start = 0;
        while (start < labels.length) {
            int end = start + 1;
            while (end < labels.length && end - start < 255 && labels[end] == labels[start]) {
                end++;
            }
            out.appendByte(labels[start]).appendByte((byte) (end - start));
            start = end;
        }
        return out;
    }
}
