package sightline.config.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

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
        String text = Files.readString(file);
        Object root;
        try {
            root = new Load(LoadSettings.builder()
                            .setLabel(file.getFileName().toString())
                            .build())
                    .loadFromString(text);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(file + " is no YAML: " + e.getMessage(), e);
        }
        Part site = new Part(file.getFileName().toString(), root);
        site.knows("scene", "tick-ms", "nodes", "sensors", "zones", "lines");
        return new Site(
                site.text("scene"),
                site.texts("nodes"),
                site.parts("sensors").stream().map(SiteFile::sensor).toList(),
                site.parts("zones").stream().map(SiteFile::zone).toList(),
                site.parts("lines").stream().map(SiteFile::line).toList(),
                Math.round(site.number("tick-ms", 100) * 1e6));
    }

    private static SensorSpec sensor(Part p) {
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

    private static Calibration calibration(String camera, Part p) {
        p.knows("version", "size", "pixel-sigma", "pinhole", "tsai");
        double[] size = p.numbers("size", 2);
        Projection projection = p.part("pinhole")
                .<Projection>map(SiteFile::pinhole)
                .or(() -> p.part("tsai").map(SiteFile::tsai))
                .orElseThrow(() -> p.wrong("has neither pinhole nor tsai"));
        return new Calibration(
                camera, p.text("version"), 0, (int) size[0], (int) size[1], projection, p.number("pixel-sigma", 1));
    }

    private static Projection pinhole(Part p) {
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

    private static Projection tsai(Part p) {
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

    private static Zone zone(Part p) {
        p.knows("name", "outline");
        return new Zone(p.text("name"), p.points("outline"));
    }

    private static Line line(Part p) {
        p.knows("name", "from", "to");
        double[] from = p.numbers("from", 2);
        double[] to = p.numbers("to", 2);
        return new Line(p.text("name"), new GroundPoint(from[0], from[1]), new GroundPoint(to[0], to[1]));
    }

    /** A mapping of the file and where it stands. */
    private record Part(String place, Map<?, ?> values) {
        Part(String place, Object value) {
            this(place, asMap(place, value));
        }

        private static Map<?, ?> asMap(String place, Object value) {
            if (value instanceof Map<?, ?> map) {
                return map;
            }
            throw new IllegalArgumentException(place + " is no mapping");
        }

        IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(place + " " + what);
        }

        void knows(String... keys) {
            for (Object key : values.keySet()) {
                if (!List.of(keys).contains(String.valueOf(key))) {
                    throw wrong("has '" + key + "', which is none of " + new TreeSet<>(List.of(keys)));
                }
            }
        }

        boolean has(String key) {
            return values.get(key) != null;
        }

        String text(String key) {
            return Optional.ofNullable(values.get(key)).map(String::valueOf).orElseThrow(() -> wrong("has no " + key));
        }

        List<String> texts(String key) {
            return list(key).stream().map(String::valueOf).toList();
        }

        double number(String key) {
            if (values.get(key) instanceof Number n && Double.isFinite(n.doubleValue())) {
                return n.doubleValue();
            }
            throw wrong("needs a finite number for " + key + ", not " + values.get(key));
        }

        double number(String key, double absent) {
            return has(key) ? number(key) : absent;
        }

        double[] numbers(String key, int count) {
            double[] numbers = numbers(place + "." + key, list(key));
            if (numbers.length != count) {
                throw wrong("needs " + count + " numbers for " + key + ", not " + numbers.length);
            }
            return numbers;
        }

        private static double[] numbers(String place, List<?> list) {
            double[] numbers = new double[list.size()];
            for (int i = 0; i < numbers.length; i++) {
                if (!(list.get(i) instanceof Number n) || !Double.isFinite(n.doubleValue())) {
                    throw new IllegalArgumentException(place + " has '" + list.get(i) + "' where a number belongs");
                }
                numbers[i] = n.doubleValue();
            }
            return numbers;
        }

        List<GroundPoint> points(String key) {
            List<GroundPoint> points = new ArrayList<>();
            for (Object item : list(key)) {
                double[] at = item instanceof List<?> pair ? numbers(place + "." + key, pair) : new double[0];
                if (at.length != 2) {
                    throw wrong("needs pairs of numbers for " + key + ", not " + item);
                }
                points.add(new GroundPoint(at[0], at[1]));
            }
            return points;
        }

        <E extends Enum<E>> E oneOf(String key, Class<E> type) {
            String text = text(key).toUpperCase(Locale.ROOT).replace('-', '_');
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(text)) {
                    return constant;
                }
            }
            throw wrong("has '" + text(key) + "' for " + key + ", which is none of "
                    + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
        }

        Optional<Part> part(String key) {
            return Optional.ofNullable(values.get(key)).map(v -> new Part(place + "." + key, v));
        }

        List<Part> parts(String key) {
            List<Part> parts = new ArrayList<>();
            List<?> list = values.get(key) == null ? List.of() : list(key);
            for (int i = 0; i < list.size(); i++) {
                parts.add(new Part(place + "." + key + "[" + i + "]", list.get(i)));
            }
            return parts;
        }

        private List<?> list(String key) {
            if (values.get(key) instanceof List<?> list) {
                return list;
            }
            throw wrong("needs a list for " + key);
        }
    }
}
