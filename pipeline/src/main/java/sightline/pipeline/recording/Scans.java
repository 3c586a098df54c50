package sightline.pipeline.recording;

import java.util.List;
import java.util.Optional;
import sightline.config.contract.Codecs;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.pipeline.topology.Ground;

/** The scans in records: of sensors as they are, of cameras through the calibration of the roster. Not thread-safe. */
public final class Scans {
    /** The topics that fusion reads. */
    public static final List<String> TOPICS = List.of(Topics.DETECTION_CAMERA.name(), Topics.MEASUREMENT_SENSOR.name());

    private final Site site;
    private final Ground ground;
    private long passedOver;

    public Scans(Site site) {
        this.site = site;
        this.ground = new Ground(site);
    }

    /** The scan of a record; empty, and counted, where it is of an unknown sensor or cannot be read. */
    public Optional<Scan> of(Recorded record) {
        if (record.value() == null || !TOPICS.contains(record.topic())) {
            return Optional.empty();
        }
        Optional<Scan> scan = Optional.empty();
        try {
            scan = record.topic().equals(Topics.DETECTION_CAMERA.name())
                    ? ground.place(Codecs.DETECTIONS.decode(record.value()))
                    : Optional.of(Codecs.SCAN.decode(record.value()));
        } catch (MalformedRecordException e) {
            // Live fusion buries such a record; here it is only counted.
        }
        scan = scan.filter(s -> site.sensor(s.sensor()).isPresent());
        passedOver += scan.isEmpty() ? 1 : 0;
        return scan;
    }

    /** Records of these topics that gave no scan. */
    public long passedOver() {
        return passedOver;
    }
}
