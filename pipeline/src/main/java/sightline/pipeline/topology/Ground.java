package sightline.pipeline.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundProjector;

/** Carries image detections to the ground with each camera's calibration; a camera without one can't take part. */
public final class Ground {
    private final Map<String, GroundProjector> projectors = new HashMap<>();

    public Ground(Site site) {
        site.sensors().forEach(sensor -> sensor.calibration()
                .ifPresent(c -> projectors.put(sensor.name(), new GroundProjector(CameraModel.of(c)))));
    }

    /** The scan that these detections make; empty where the camera has no calibration. */
    public Optional<Scan> place(Detections detections) {
        return Optional.ofNullable(projectors.get(detections.frame().camera())).map(p -> p.place(detections));
    }
}
