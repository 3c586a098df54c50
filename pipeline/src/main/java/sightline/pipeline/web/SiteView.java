package sightline.pipeline.web;

import java.util.List;
import java.util.Map;
import sightline.config.site.GroundPoint;
import sightline.config.site.Site;

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
}
