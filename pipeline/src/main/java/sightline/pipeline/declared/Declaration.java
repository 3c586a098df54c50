package sightline.pipeline.declared;

import java.util.Map;
import sightline.config.site.Site;

/**
 * A pipeline as its file declares it, checked.
 *
 * @param site roster, calibrations, zones
 * @param cameras feeds by camera, in the file's order
 * @param networks for all cameras
 */
public record Declaration(Site site, Map<String, Feed> cameras, NetworkChoices networks) {}
