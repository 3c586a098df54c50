package sightline.pipeline.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.site.Calibration;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.sensors.dataset.MotBox;
import sightline.sensors.dataset.MotSequence;
import sightline.sensors.dataset.PetsCalibration;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundProjector;

/**
 * What is known of PETS 2009 S2L1, view 1. The frames run at 7 a second whatever the file's header says.
 *
 * @param video the recording
 * @param ground from its pixels to the site's metres
 * @param site one camera, one node
 * @param truth annotated people by frame number, from 1
 */
record PetsScene(Path video, GroundProjector ground, Site site, Map<Integer, List<MotBox>> truth) {
    static final double FPS = 7;
    static final String CAMERA = "view-1";

    /** @param data folder with {@code video/vtest.avi}, {@code mot/PETS09-S2L1} and {@code pets2009} */
    static PetsScene open(Path data) {
        Calibration calibration = PetsCalibration.read(data.resolve("pets2009/data/calibration/View_001.xml"), CAMERA);
        CameraModel camera = CameraModel.of(calibration);
        Site site = new Site(
                "pets",
                List.of("node"),
                List.of(new SensorSpec(
                        CAMERA,
                        SensorSpec.Kind.CAMERA,
                        "node",
                        Optional.of(calibration),
                        camera.center().east(),
                        camera.center().north(),
                        60,
                        0.85,
                        0.3)),
                List.of(),
                List.of(),
                Math.round(1e9 / FPS));
        return new PetsScene(
                data.resolve("video/vtest.avi"),
                new GroundProjector(camera),
                site,
                MotSequence.open(data.resolve("mot/PETS09-S2L1")).groundTruth());
    }
}
