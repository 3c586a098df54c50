package sightline.pipeline.cli.produce;

import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.pipeline.topology.Bus;
import sightline.sensors.kafka.Outbound;

/** Records for fusion nodes: the site says which partition is whose. */
final class ToNode {

    private ToNode() {}

    static Outbound record(Site site, Detections detections) {
        String camera = detections.frame().camera();
        long exposure = detections.frame().time().exposureNanos();
        return Bus.message(Topics.DETECTION_CAMERA, Codecs.DETECTIONS, camera, exposure, detections)
                .on(site.partitionOf(camera));
    }

    static Outbound record(Site site, Scan scan) {
        return Bus.message(
                        Topics.MEASUREMENT_SENSOR,
                        Codecs.SCAN,
                        scan.sensor(),
                        scan.time().exposureNanos(),
                        scan)
                .on(site.partitionOf(scan.sensor()));
    }
}
