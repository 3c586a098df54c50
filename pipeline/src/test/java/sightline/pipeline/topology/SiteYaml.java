package sightline.pipeline.topology;

import java.util.Arrays;
import java.util.List;
import sightline.config.site.Calibration;
import sightline.config.site.Projection;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.site.Zone;

/** A site with pinhole cameras as the YAML that {@code SiteFile} reads, for tests that change one. Lines are left out. */
final class SiteYaml {
    private SiteYaml() {}

    static String of(Site site) {
        StringBuilder yaml = new StringBuilder("scene: %s\ntick-ms: %d\nnodes: %s\nsensors:\n"
                .formatted(site.scene(), site.tickNanos() / 1_000_000, site.nodes()));
        site.sensors().forEach(s -> yaml.append(sensor(s)));
        yaml.append(site.zones().isEmpty() ? "zones: []\n" : "zones:\n");
        site.zones().forEach(z -> yaml.append(zone(z)));
        return yaml.toString();
    }

    private static String sensor(SensorSpec s) {
        return "  - {name: %s, kind: %s, node: %s, at: [%s, %s], range: %s, detection-probability: %s, clutter-per-scan: %s%s}\n"
                .formatted(
                        s.name(),
                        s.kind().name().toLowerCase(java.util.Locale.ROOT),
                        s.node(),
                        s.east(),
                        s.north(),
                        s.rangeMetres(),
                        s.detectionProbability(),
                        s.clutterPerScan(),
                        s.calibration().map(SiteYaml::calibration).orElse(""));
    }

    private static String calibration(Calibration c) {
        Projection.Pinhole p = (Projection.Pinhole) c.projection();
        return ", calibration: {version: '%s', size: [%d, %d], pixel-sigma: %s, pinhole: {fx: %s, fy: %s, cx: %s, cy: %s, rotation: %s, translation: %s}}"
                .formatted(
                        c.version(),
                        c.width(),
                        c.height(),
                        c.pixelSigma(),
                        p.fx(),
                        p.fy(),
                        p.cx(),
                        p.cy(),
                        Arrays.toString(p.rotation()),
                        Arrays.toString(p.translation()));
    }

    private static String zone(Zone z) {
        List<String> corners = z.outline().stream()
                .map(c -> "[%s, %s]".formatted(c.east(), c.north()))
                .toList();
        return "  - {name: %s, outline: %s}\n".formatted(z.name(), corners);
    }
}
