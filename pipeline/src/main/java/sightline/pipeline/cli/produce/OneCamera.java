package sightline.pipeline.cli.produce;

import java.util.List;
import java.util.Optional;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** The site of a single camera that nobody has calibrated. */
final class OneCamera {

    private static final long TICK_NANOS = 100_000_000L;

    private OneCamera() {}

    static Site site(String camera) {
        SensorSpec sensor = new SensorSpec(
                camera, SensorSpec.Kind.CAMERA, "node-1", Optional.empty(), 0, 0, Double.POSITIVE_INFINITY, 0.9, 0.1);
        return new Site("video", List.of("node-1"), List.of(sensor), List.of(), List.of(), TICK_NANOS);
    }
}
