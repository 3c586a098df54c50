package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Origin;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.SimulatedRadar;
import sightline.sensors.source.Source;
import sightline.sensors.source.SourcePolicy;
import sightline.sensors.source.Stamped;

/** The simulated plaza as a source of feeds, beginning now. */
public final class PlazaSource implements Scene {
    private static final int JPEG_QUALITY = 82;

    private final Plaza plaza;
    private final TimeSource time;
    private final Scheduler timer = Schedulers.newParallel("plaza", 2, true);
    private final Scheduler drawing = Schedulers.newSingle("draw", true);
    private final JpegEncoder encoder = JpegEncoder.best(JPEG_QUALITY);

    private PlazaSource(Plaza plaza, TimeSource time) {
        this.plaza = plaza;
        this.time = time;
    }

    /**
     * @param seed of everything; the site depends on nothing else
     * @param fps frames a second of each camera
     */
    public static PlazaSource now(long seed, double fps) {
        TimeSource time = TimeSource.system();
        PlazaSettings settings = PlazaSettings.of(seed);
        return new PlazaSource(
                Plaza.of(settings.withPicture(settings.width(), settings.height(), fps)
                        .startingAt(time.nanos())),
                time);
    }

    @Override
    public Site site() {
        return plaza.site();
    }

    @Override
    public List<String> cameras() {
        return plaza.cameras().stream().map(SimulatedCamera::name).toList();
    }

    /** Radar and ground truth. */
    @Override
    public List<Stage> start(Production edge) {
        List<Stage> stages = new ArrayList<>();
        for (SimulatedRadar radar : plaza.radars()) {
            stages.add(edge.add(
                    Source.of(radar.name(), () -> PlazaFeeds.scans(radar, time, timer)),
                    Stamped.SCANS,
                    Origin.SIMULATED,
                    SourcePolicy.CAMERA,
                    UnaryOperator.identity(),
                    s -> Records.scan(site(), s)));
        }
        stages.add(MessageFeed.start("truth", edge.bus(), PlazaFeeds.truth(plaza, time, timer), r -> r));
        return stages;
    }

    /** Pictures, and if asked for what the scene itself knows to be in them. */
    @Override
    public Stage camera(Production edge, String name, boolean detections) {
        SimulatedCamera camera =
                plaza.camera(name).orElseThrow(() -> new IllegalArgumentException("the plaza has no camera " + name));
        Stage frames = edge.add(
                Source.of(name, () -> PlazaFeeds.frames(camera, encoder, time, timer, drawing)),
                Stamped.FRAMES,
                Origin.SIMULATED,
                SourcePolicy.CAMERA,
                UnaryOperator.identity(),
                Records::frame);
        if (!detections) {
            return frames;
        }
        return new Pair(
                frames,
                MessageFeed.start(
                        "detections of " + name,
                        edge.bus(),
                        PlazaFeeds.detections(camera, time, timer),
                        d -> Records.detections(site(), d)));
    }

    @Override
    public void close() {
        timer.dispose();
        drawing.dispose();
    }

    private record Pair(Stage first, Stage second) implements Stage {
        @Override
        public String name() {
            return first.name();
        }

        @Override
        public String trouble() {
            return first.trouble().isEmpty() ? second.trouble() : first.trouble();
        }

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }
}
