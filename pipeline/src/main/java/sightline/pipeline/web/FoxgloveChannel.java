package sightline.pipeline.web;

import java.util.ArrayList;
import java.util.List;
import sightline.config.site.Projection;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/**
 * One channel as it is advertised.
 *
 * @param id stable for a site: clients subscribe by it
 * @param topic shown to people
 * @param schemaName by which Foxglove knows what to do with it
 * @param schema JSON schema
 */
record FoxgloveChannel(int id, String topic, String schemaName, String schema) {
    static final String TRACKS = "/tracks";
    static final String ZONES = "/zones";
    static final String EVENTS = "/events";
    static final String SENSORS = "/sensors";

    static String image(String camera) {
        return "/" + camera + "/image";
    }

    static String annotations(String camera) {
        return "/" + camera + "/annotations";
    }

    static String calibration(String camera) {
        return "/" + camera + "/calibration";
    }

    static String transform(String camera) {
        return "/" + camera + "/transform";
    }

    /** Everything that a site has to show. */
    static List<FoxgloveChannel> of(Site site) {
        List<FoxgloveChannel> channels = new ArrayList<>();
        add(channels, TRACKS, "foxglove.SceneUpdate", FoxgloveSchemas.SCENE);
        add(channels, ZONES, "foxglove.SceneUpdate", FoxgloveSchemas.SCENE);
        add(channels, EVENTS, "foxglove.Log", FoxgloveSchemas.LOG);
        add(channels, SENSORS, "foxglove.Log", FoxgloveSchemas.LOG);
        for (SensorSpec sensor : site.sensors()) {
            if (sensor.kind() == SensorSpec.Kind.CAMERA) {
                add(channels, image(sensor.name()), "foxglove.CompressedImage", FoxgloveSchemas.IMAGE);
                add(channels, annotations(sensor.name()), "foxglove.ImageAnnotations", FoxgloveSchemas.ANNOTATIONS);
                if (isPinhole(sensor)) {
                    add(
                            channels,
                            calibration(sensor.name()),
                            "foxglove.CameraCalibration",
                            FoxgloveSchemas.CALIBRATION);
                    add(channels, transform(sensor.name()), "foxglove.FrameTransform", FoxgloveSchemas.TRANSFORM);
                }
            }
        }
        return channels;
    }

    /** Tsai's model has no equal in Foxglove; such a camera shows pictures and no frustum. */
    private static boolean isPinhole(SensorSpec sensor) {
        return sensor.calibration()
                .filter(c -> c.projection() instanceof Projection.Pinhole)
                .isPresent();
    }

    private static void add(List<FoxgloveChannel> channels, String topic, String name, String schema) {
        channels.add(new FoxgloveChannel(channels.size() + 1, topic, name, schema));
    }
}
