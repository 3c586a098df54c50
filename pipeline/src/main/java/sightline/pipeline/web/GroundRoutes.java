package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.WorldPoint;

/**
 * Between a camera's picture and the ground, by its calibration with all its distortion: what the zone editor asks when
 * somebody draws in a picture. Pixels are those of the calibration; a point that has no counterpart is answered by null.
 */
final class GroundRoutes {
    private static final int MOST_POINTS = 4096;

    private final Supplier<SiteView> site;

    GroundRoutes(Supplier<SiteView> site) {
        this.site = site;
    }

    void mount(Router router) {
        router.get("/api/ground")
                .handler(context -> answer(
                        context,
                        camera -> p -> camera.ground(p[0], p[1]).map(g -> new double[] {g.east(), g.north()})));
        router.get("/api/pixels").handler(context -> answer(context, camera -> p -> seen(camera, p)));
    }

    /** What lies behind the camera has an image in arithmetic only. */
    private static Optional<double[]> seen(CameraModel camera, double[] ground) {
        WorldPoint point = WorldPoint.ground(ground[0], ground[1]);
        return camera.depth(point) <= 0
                ? Optional.empty()
                : camera.project(point).map(p -> new double[] {p.u(), p.v()});
    }

    private void answer(
            RoutingContext context, Function<CameraModel, Function<double[], Optional<double[]>>> conversion) {
        Buffer body;
        int status = 200;
        try {
            Function<double[], Optional<double[]>> convert =
                    conversion.apply(camera(context.request().getParam("camera", "")));
            List<double[]> points = points(context.request().getParam("points", ""));
            body = Json.object(json -> json.array("points", rows -> {
                for (double[] point : points) {
                    double[] there = convert.apply(point).orElse(new double[] {Double.NaN, Double.NaN});
                    rows.row(row -> row.add(there[0], 3).add(there[1], 3));
                }
            }));
        } catch (IllegalArgumentException e) {
            status = 400;
            body = Json.object(json -> json.put("error", e.getMessage()));
        }
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body);
    }

    private CameraModel camera(String name) {
        return site.get()
                .site()
                .sensor(name)
                .flatMap(s -> s.calibration())
                .map(CameraModel::of)
                .orElseThrow(() -> new IllegalArgumentException("there is no calibrated camera named " + name));
    }

    /** As in {@code 1.5,2/3,4}. */
    private static List<double[]> points(String text) {
        String[] pairs = text.isEmpty() ? new String[0] : text.split("/", MOST_POINTS + 1);
        if (pairs.length > MOST_POINTS) {
            throw new IllegalArgumentException("more than " + MOST_POINTS + " points at once");
        }
        List<double[]> points = new ArrayList<>(pairs.length);
        for (String pair : pairs) {
            String[] xy = pair.split(",", -1);
            if (xy.length != 2) {
                throw new IllegalArgumentException("a point is two numbers with a comma between them, not " + pair);
            }
            points.add(new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])});
        }
        return points;
    }
}
