package sightline.pipeline.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.config.site.GroundPoint;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundView;

/**
 * The roster and what a map shows of it.
 *
 * @param site sensors, zones and lines
 * @param fieldsOfView what each camera sees of the ground, counter-clockwise; a camera without calibration has none
 */
public record SiteView(Site site, Map<String, List<GroundPoint>> fieldsOfView) {
    public SiteView {
        fieldsOfView = Map.copyOf(fieldsOfView);
    }

    /** The farthest that a field of view is drawn where the sensor itself has no range. */
    private static final double FARTHEST_METRES = 60;

    /** A site with the fields of view that its calibrations give. */
    public static SiteView of(Site site) {
        Map<String, List<GroundPoint>> views = new HashMap<>();
        for (SensorSpec sensor : site.sensors()) {
            sensor.calibration()
                    .ifPresent(calibration -> views.put(
                            sensor.name(),
                            GroundView.of(CameraModel.of(calibration), Math.min(sensor.rangeMetres(), FARTHEST_METRES))
                                    .outline()));
        }
        return new SiteView(site, views);
    }
}
