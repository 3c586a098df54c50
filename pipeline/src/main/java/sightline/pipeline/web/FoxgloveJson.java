package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Base64;
import sightline.config.domain.Detection;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.SensorStatus;

/** Pictures, what was found in them, and log lines as Foxglove takes them. Times are of exposure. */
final class FoxgloveJson {
    private static final int LINE_LOOP = 2;
    private static final int LINE_LIST = 4;
    private static final int INFO = 2;
    private static final int WARNING = 3;

    private FoxgloveJson() {}

    static void time(Json json, String name, long nanos) throws IOException {
        json.object(name, t -> t.put("sec", Math.floorDiv(nanos, 1_000_000_000L))
                .put("nsec", Math.floorMod(nanos, 1_000_000_000L)));
    }

    static void colour(Json json, String name, double red, double green, double blue, double alpha) throws IOException {
        json.object(
                name,
                c -> c.put("r", red, 3).put("g", green, 3).put("b", blue, 3).put("a", alpha, 3));
    }

    static Buffer image(CameraView view) {
        FrameHeader frame = view.frame().header();
        byte[] jpeg = new byte[view.frame().bytes()];
        view.frame().payload().duplicate().get(jpeg);
        return Json.object(json -> {
            time(json, "timestamp", frame.time().exposureNanos());
            json.put("frame_id", frame.camera())
                    .put("format", "jpeg")
                    .put("data", Base64.getEncoder().encodeToString(jpeg));
        });
    }

    static Buffer annotations(CameraView view) {
        long nanos = view.frame().header().time().exposureNanos();
        return Json.object(json -> {
            json.array("points", points -> {
                if (view.detections().isPresent()) {
                    for (Detection found : view.detections().get().detections()) {
                        points.element(p -> box(p, nanos, found));
                    }
                }
                if (view.poses().isPresent()) {
                    for (Pose pose : view.poses().get().poses()) {
                        points.element(p -> limbs(p, nanos, view.poses().get(), pose));
                    }
                }
            });
            json.array("texts", texts -> {
                if (view.detections().isPresent()) {
                    for (Detection found : view.detections().get().detections()) {
                        texts.element(t -> label(t, nanos, found));
                    }
                }
            });
            json.array("circles", circles -> {});
        });
    }

    private static void box(Json json, long nanos, Detection found) throws IOException {
        time(json, "timestamp", nanos);
        var b = found.box();
        json.put("type", LINE_LOOP).put("thickness", 2).array("points", p -> {
            point(p, b.x(), b.y());
            point(p, b.right(), b.y());
            point(p, b.right(), b.bottom());
            point(p, b.x(), b.bottom());
        });
        colour(json, "outline_color", 0.44, 0.89, 0.77, 1);
    }

    private static void limbs(Json json, long nanos, Poses poses, Pose pose) throws IOException {
        time(json, "timestamp", nanos);
        json.put("type", LINE_LIST).put("thickness", 2).array("points", p -> {
            for (int[] limb : poses.skeleton().limbs()) {
                var from = pose.keypoints().get(limb[0]);
                var to = pose.keypoints().get(limb[1]);
                if (from.score() > 0 && to.score() > 0) {
                    point(p, from.u(), from.v());
                    point(p, to.u(), to.v());
                }
            }
        });
        colour(json, "outline_color", 1, 0.85, 0.54, 1);
    }

    private static void label(Json json, long nanos, Detection found) throws IOException {
        time(json, "timestamp", nanos);
        json.object("position", p -> p.put("x", found.box().x(), 1)
                        .put("y", found.box().y(), 1))
                .put("text", "%s %.2f".formatted(found.label().label(), found.score()))
                .put("font_size", 12);
        colour(json, "text_color", 0.02, 0.14, 0.1, 1);
        colour(json, "background_color", 0.44, 0.89, 0.77, 1);
    }

    private static void point(Json array, double x, double y) throws IOException {
        array.element(p -> p.put("x", x, 1).put("y", y, 1));
    }

    static Buffer log(Event event) {
        return log(event.timeNanos(), WARNING, event.rule(), event.text() + " [" + event.origin() + "]");
    }

    static Buffer log(SensorStatus status) {
        int level = status.state() == SensorStatus.State.LIVE ? INFO : WARNING;
        String why = status.reason().isEmpty() ? "" : ": " + status.reason();
        return log(status.timeNanos(), level, status.sensor(), status.state() + why + " [" + status.origin() + "]");
    }

    private static Buffer log(long nanos, int level, String name, String message) {
        return Json.object(json -> {
            time(json, "timestamp", nanos);
            json.put("level", level)
                    .put("name", name)
                    .put("message", message)
                    .put("file", "")
                    .put("line", 0);
        });
    }
}
