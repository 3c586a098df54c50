package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import sightline.config.site.Calibration;
import sightline.config.site.GroundPoint;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** The roster as the page takes it. Metres with two decimals. */
final class SiteJson {
    private SiteJson() {}

    static Buffer encode(SiteView view) {
        return Json.object(json -> fields(json.put("t", "site"), view));
    }

    static void fields(Json json, SiteView view) throws IOException {
        Site site = view.site();
        json.put("scene", site.scene())
                .put("tickMs", site.tickNanos() / 1e6, 3)
                .strings("nodes", site.nodes())
                .list("sensors", site.sensors(), SiteJson::sensor)
                .list("zones", site.zones(), (z, zone) -> {
                    z.put("name", zone.name());
                    outline(z, "outline", zone.outline());
                })
                .list("lines", site.lines(), (l, line) -> {
                    l.put("name", line.name());
                    outline(l, "ends", List.of(line.from(), line.to()));
                })
                .object("fov", fov -> {
                    for (var entry : view.fieldsOfView().entrySet()) {
                        outline(fov, entry.getKey(), entry.getValue());
                    }
                });
    }

    private static void sensor(Json json, SensorSpec sensor) throws IOException {
        json.put("name", sensor.name())
                .put("kind", sensor.kind().name())
                .put("node", sensor.node())
                .put("e", sensor.east(), 2)
                .put("n", sensor.north(), 2)
                .put("range", sensor.rangeMetres(), 1)
                .put(
                        "calibration",
                        sensor.calibration().map(Calibration::version).orElse(""))
                .put("w", sensor.calibration().map(Calibration::width).orElse(0))
                .put("h", sensor.calibration().map(Calibration::height).orElse(0));
    }

    private static void outline(Json json, String name, List<GroundPoint> points) throws IOException {
        json.array(name, rows -> {
            for (GroundPoint point : points) {
                rows.row(r -> r.add(point.east(), 2).add(point.north(), 2));
            }
        });
    }
}
