package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import sightline.config.domain.Track;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.GroundPoint;
import sightline.config.site.Projection.Pinhole;
import sightline.config.site.Zone;

/** The ground in three dimensions as Foxglove takes it: tracks, zones, and where the cameras hang. */
final class FoxgloveScene {
    private static final String WORLD = "site";
    private static final int LINE_LOOP = 1;
    private static final double PERSON_HEIGHT = 1.8;

    private FoxgloveScene() {}

    static Buffer tracks(FusedTick tick) {
        return Json.object(json -> {
            json.list("deletions", ended(tick), (d, track) -> {
                FoxgloveJson.time(d, "timestamp", tick.timeNanos());
                d.put("type", 0).put("id", track.id());
            });
            json.list("entities", going(tick), (e, track) -> track(e, tick.timeNanos(), track));
        });
    }

    private static List<Track> ended(FusedTick tick) {
        return tick.tracks().stream()
                .filter(t -> t.phase() == Track.Phase.ENDED)
                .toList();
    }

    private static List<Track> going(FusedTick tick) {
        return tick.tracks().stream()
                .filter(t -> t.phase() != Track.Phase.ENDED)
                .toList();
    }

    private static void track(Json json, long nanos, Track track) throws IOException {
        entity(json, nanos, track.id(), 1);
        double[] c = track.covariance();
        double mean = (c[0] + c[5]) / 2;
        double spread = Math.hypot((c[0] - c[5]) / 2, c[1]);
        double turn = 0.5 * Math.atan2(2 * c[1], c[0] - c[5]);
        double grey = track.ignorance();
        json.array("cylinders", cylinders -> {
            cylinders.element(body -> {
                pose(body, track.east(), track.north(), PERSON_HEIGHT / 2, 0);
                size(body, 0.45, 0.45, PERSON_HEIGHT);
                FoxgloveJson.colour(body, "color", 0.44 + 0.3 * grey, 0.89 - 0.3 * grey, 0.77, 0.9 * track.presence());
            });
            cylinders.element(disc -> {
                pose(disc, track.east(), track.north(), 0.01, turn);
                size(disc, 4 * Math.sqrt(mean + spread), 4 * Math.sqrt(Math.max(0, mean - spread)), 0.02);
                FoxgloveJson.colour(disc, "color", 0.44 + 0.3 * grey, 0.89 - 0.3 * grey, 0.77, 0.35);
            });
        });
        json.array("arrows", arrows -> {
            if (track.speed() > 0.15) {
                arrows.element(a -> {
                    pose(a, track.east(), track.north(), 0.05, Math.atan2(track.state()[3], track.state()[2]));
                    a.put("shaft_length", track.speed(), 2)
                            .put("shaft_diameter", 0.06, 2)
                            .put("head_length", 0.2, 2)
                            .put("head_diameter", 0.16, 2);
                    FoxgloveJson.colour(a, "color", 1, 0.72, 0.42, 1);
                });
            }
        });
        json.array(
                "texts",
                texts -> texts.element(t -> {
                    pose(t, track.east(), track.north(), PERSON_HEIGHT + 0.25, 0);
                    t.put("billboard", true)
                            .put("font_size", 0.3, 1)
                            .put("scale_invariant", false)
                            .put("text", track.id());
                    FoxgloveJson.colour(t, "color", 0.9, 0.95, 0.95, 1);
                }));
        json.list("metadata", List.of("origin", "phase", "ignorance"), (m, key) -> m.put("key", key)
                .put(
                        "value",
                        switch (key) {
                            case "origin" -> track.origin().name();
                            case "phase" -> track.phase().name();
                            default -> "%.3f".formatted(track.ignorance());
                        }));
    }

    static Buffer zones(List<Zone> zones, long nanos) {
        return Json.object(json -> json.array(
                        "deletions",
                        d -> d.element(all -> {
                            FoxgloveJson.time(all, "timestamp", nanos);
                            all.put("type", 1).put("id", "");
                        }))
                .list("entities", zones, (e, zone) -> {
                    entity(e, nanos, "zone/" + zone.name(), 0);
                    e.array(
                            "lines",
                            lines -> lines.element(l -> {
                                pose(l, 0, 0, 0.02, 0);
                                l.put("type", LINE_LOOP)
                                        .put("thickness", 0.06, 2)
                                        .put("scale_invariant", false)
                                        .array("points", points -> {
                                            for (GroundPoint p : zone.outline()) {
                                                points.element(q -> xyz(q, p.east(), p.north(), 0));
                                            }
                                        });
                                FoxgloveJson.colour(l, "color", 0.54, 0.71, 1, 1);
                            }));
                }));
    }

    /** Where the camera is: the inverse of world to camera. */
    static Buffer transform(Calibration calibration, Pinhole p, long nanos) {
        double[] r = p.rotation();
        double[] t = p.translation();
        return Json.object(json -> {
            FoxgloveJson.time(json, "timestamp", nanos);
            json.put("parent_frame_id", WORLD)
                    .put("child_frame_id", calibration.camera())
                    .object(
                            "translation",
                            v -> xyz(
                                    v,
                                    -(r[0] * t[0] + r[3] * t[1] + r[6] * t[2]),
                                    -(r[1] * t[0] + r[4] * t[1] + r[7] * t[2]),
                                    -(r[2] * t[0] + r[5] * t[1] + r[8] * t[2])))
                    .object(
                            "rotation",
                            q -> quaternion(q, new double[] {r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]}));
        });
    }

    static Buffer calibration(Calibration calibration, Pinhole p, long nanos) {
        double cx = p.cx() - 0.5;
        double cy = p.cy() - 0.5;
        return Json.object(json -> {
            FoxgloveJson.time(json, "timestamp", nanos);
            json.put("frame_id", calibration.camera())
                    .put("width", calibration.width())
                    .put("height", calibration.height())
                    .put("distortion_model", model(p.distortion()));
            numbers(json, "D", coefficients(p.distortion()));
            numbers(json, "K", p.fx(), 0, cx, 0, p.fy(), cy, 0, 0, 1);
            numbers(json, "R", 1, 0, 0, 0, 1, 0, 0, 0, 1);
            numbers(json, "P", p.fx(), 0, cx, 0, 0, p.fy(), cy, 0, 0, 0, 1, 0);
        });
    }

    private static String model(Distortion distortion) {
        return switch (distortion) {
            case Distortion.None none -> "plumb_bob";
            case Distortion.PlumbBob bob -> "plumb_bob";
            case Distortion.Rational rational -> "rational_polynomial";
            case Distortion.Fisheye fisheye -> "kannala_brandt";
        };
    }

    private static double[] coefficients(Distortion distortion) {
        return switch (distortion) {
            case Distortion.None none -> new double[5];
            case Distortion.PlumbBob d -> new double[] {d.k1(), d.k2(), d.p1(), d.p2(), d.k3()};
            case Distortion.Rational d -> new double[] {d.k1(), d.k2(), d.p1(), d.p2(), d.k3(), d.k4(), d.k5(), d.k6()};
            case Distortion.Fisheye d -> new double[] {d.k1(), d.k2(), d.k3(), d.k4()};
        };
    }

    private static void entity(Json json, long nanos, String id, long lifetimeSeconds) throws IOException {
        FoxgloveJson.time(json, "timestamp", nanos);
        json.put("frame_id", WORLD).put("id", id).put("frame_locked", false);
        FoxgloveJson.time(json, "lifetime", lifetimeSeconds * 1_000_000_000L);
    }

    private static void pose(Json json, double e, double n, double u, double turn) throws IOException {
        json.object("pose", p -> p.object("position", v -> xyz(v, e, n, u)).object("orientation", q -> q.put("x", 0)
                .put("y", 0)
                .put("z", Math.sin(turn / 2), 5)
                .put("w", Math.cos(turn / 2), 5)));
    }

    private static void size(Json json, double x, double y, double z) throws IOException {
        json.object("size", v -> xyz(v, x, y, z)).put("bottom_scale", 1).put("top_scale", 1);
    }

    private static void xyz(Json json, double x, double y, double z) throws IOException {
        json.put("x", x, 4).put("y", y, 4).put("z", z, 4);
    }

    private static void numbers(Json json, String name, double... values) throws IOException {
        json.array(name, a -> {
            for (double value : values) {
                a.add(value, 9);
            }
        });
    }

    /** Unit quaternion of a row-major rotation, by the largest of its four components (Shepperd, 1978). */
    private static void quaternion(Json json, double[] m) throws IOException {
        double[] q = new double[4];
        double trace = m[0] + m[4] + m[8];
        double[] diagonal = {trace, m[0], m[4], m[8]};
        int largest = 0;
        for (int i = 1; i < 4; i++) {
            largest = diagonal[i] > diagonal[largest] ? i : largest;
        }
        double[][] rows = {
            {1 + trace, m[7] - m[5], m[2] - m[6], m[3] - m[1]},
            {m[7] - m[5], 1 + m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6]},
            {m[2] - m[6], m[1] + m[3], 1 - m[0] + m[4] - m[8], m[5] + m[7]},
            {m[3] - m[1], m[2] + m[6], m[5] + m[7], 1 - m[0] - m[4] + m[8]}
        };
        double norm = 0;
        for (int i = 0; i < 4; i++) {
            q[i] = rows[largest][i];
            norm += q[i] * q[i];
        }
        norm = Math.sqrt(norm);
        json.put("w", q[0] / norm, 9)
                .put("x", q[1] / norm, 9)
                .put("y", q[2] / norm, 9)
                .put("z", q[3] / norm, 9);
    }
}
