package sightline.pipeline.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.site.Zone;
import sightline.sensors.geometry.Mount;
import sightline.sensors.geometry.WorldPoint;

/** A small site for the page's tests: four cameras in the corners of a plaza, a radar, three nodes. */
final class Plaza {
    static final double EAST = 24;
    static final double NORTH = 16;
    static final int WIDTH = 640;
    static final int HEIGHT = 360;

    private Plaza() {}

    static Site site() {
        List<SensorSpec> sensors = new ArrayList<>();
        sensors.add(camera("cam-north-west", "west", 0, NORTH));
        sensors.add(camera("cam-south-west", "west", 0, 0));
        sensors.add(camera("cam-north-east", "east", EAST, NORTH));
        sensors.add(camera("cam-south-east", "east", EAST, 0));
        sensors.add(new SensorSpec(
                "radar-gate", SensorSpec.Kind.RADAR, "gate", Optional.empty(), EAST / 2, NORTH + 1, 30, 0.9, 0.5));
        return new Site(
                "plaza",
                List.of("west", "east", "gate"),
                sensors,
                List.of(new Zone(
                        "loading bay",
                        List.of(
                                new GroundPoint(15, 2),
                                new GroundPoint(21, 2),
                                new GroundPoint(21, 6.5),
                                new GroundPoint(15, 6.5)))),
                List.of(new Line("gate", new GroundPoint(9, 13), new GroundPoint(15, 13))),
                100_000_000L);
    }

    private static SensorSpec camera(String name, String node, double east, double north) {
        Calibration calibration = new Mount(
                        new WorldPoint(east, north, 5), new WorldPoint(EAST / 2, NORTH / 2, 0), Math.toRadians(66))
                .calibration(name, name + "-v1", WIDTH, HEIGHT, new Distortion.None(), 1);
        return new SensorSpec(name, SensorSpec.Kind.CAMERA, node, Optional.of(calibration), east, north, 26, 0.92, 0.2);
    }
}
