package sightline.config.site;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A site as a YAML file: nodes, sensors with their calibrations, zones and lines.
 *
 * <pre>{@code
 * scene: yard
 * tick-ms: 100
 * nodes: [north, south]
 * sensors:
 *   - name: gate
 *     kind: camera
 *     node: north
 *     at: [-12.0, 8.5]
 *     range: 45
 *     detection-probability: 0.9
 *     clutter-per-scan: 0.1
 *     calibration:
 *       version: "2026-05"
 *       size: [1280, 720]
 *       pixel-sigma: 0.7
 *       pinhole: {fx: 910, fy: 910, cx: 640, cy: 360, rotation: [...9], translation: [...3], plumb-bob: [k1, k2, p1, p2, k3]}
 * zones:
 *   - {name: dock, outline: [[0, 0], [4, 0], [4, 3], [0, 3]]}
 * lines:
 *   - {name: door, from: [1, 1], to: [3, 1]}
 * }</pre>
 *
 * <p>Everything is checked before anything is used; an error names the place in the file's own words.
 */
public final class SiteFile {
    private SiteFile() {}

    /** @throws IllegalArgumentException with one sentence that says where and what is wrong */
    public static Site read(Path file) throws IOException {
        YamlPart site = YamlPart.read(file);
        site.knows("scene", "tick-ms", "nodes", "sensors", "zones", "lines");
        return new Site(
                site.text("scene"),
                site.texts("nodes"),
                site.parts("sensors").stream().map(SiteFile::sensor).toList(),
                site.parts("zones").stream().map(SiteFile::zone).toList(),
                site.parts("lines").stream().map(SiteFile::line).toList(),
                Math.round(site.number("tick-ms", 100) * 1e6));
    }

    private static SensorSpec sensor(YamlPart p) {
        p.knows("name", "kind", "node", "at", "range", "detection-probability", "clutter-per-scan", "calibration");
        String name = p.text("name");
        double[] at = p.numbers("at", 2);
        return new SensorSpec(
                name,
                p.oneOf("kind", SensorSpec.Kind.class),
                p.text("node"),
                p.part("calibration").map(c -> calibration(name, c)),
                at[0],
                at[1],
                p.number("range", Double.POSITIVE_INFINITY),
                p.number("detection-probability", 0.9),
                p.number("clutter-per-scan", 0.1));
    }

    private static Calibration calibration(String camera, YamlPart p) {
        p.knows("version", "size", "pixel-sigma", "pinhole", "tsai");
        double[] size = p.numbers("size", 2);
        Projection projection = p.part("pinhole")
                .<Projection>map(SiteFile::pinhole)
                .or(() -> p.part("tsai").map(SiteFile::tsai))
                .orElseThrow(() -> p.wrong("has neither pinhole nor tsai"));
        return new Calibration(
                camera, p.text("version"), 0, (int) size[0], (int) size[1], projection, p.number("pixel-sigma", 1));
    }

    private static Projection pinhole(YamlPart p) {
        p.knows("fx", "fy", "cx", "cy", "rotation", "translation", "plumb-bob", "rational", "fisheye");
        Distortion distortion = new Distortion.None();
        if (p.has("plumb-bob")) {
            double[] k = p.numbers("plumb-bob", 5);
            distortion = new Distortion.PlumbBob(k[0], k[1], k[2], k[3], k[4]);
        } else if (p.has("rational")) {
            double[] k = p.numbers("rational", 8);
            distortion = new Distortion.Rational(k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7]);
        } else if (p.has("fisheye")) {
            double[] k = p.numbers("fisheye", 4);
            distortion = new Distortion.Fisheye(k[0], k[1], k[2], k[3]);
        }
        return new Projection.Pinhole(
                p.number("fx"),
                p.number("fy"),
                p.number("cx"),
                p.number("cy"),
                p.numbers("rotation", 9),
                p.numbers("translation", 3),
                distortion);
    }

    private static Projection tsai(YamlPart p) {
        p.knows("focal", "kappa1", "cx", "cy", "sx", "dpx", "dpy", "rotation", "translation");
        return new Projection.Tsai(
                p.number("focal"),
                p.number("kappa1"),
                p.number("cx"),
                p.number("cy"),
                p.number("sx", 1),
                p.number("dpx"),
                p.number("dpy"),
                p.numbers("rotation", 9),
                p.numbers("translation", 3));
    }

    private static Zone zone(YamlPart p) {
        p.knows("name", "outline");
        return new Zone(p.text("name"), p.points("outline"));
    }

    private static Line line(YamlPart p) {
        p.knows("name", "from", "to");
        double[] from = p.numbers("from", 2);
        double[] to = p.numbers("to", 2);
        return new Line(p.text("name"), new GroundPoint(from[0], from[1]), new GroundPoint(to[0], to[1]));
    }
}
