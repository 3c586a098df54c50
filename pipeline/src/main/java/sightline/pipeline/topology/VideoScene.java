package sightline.pipeline.topology;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Origin;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.pipeline.declared.Feed;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.Pacing;
import sightline.sensors.source.Source;
import sightline.sensors.source.SourcePolicy;
import sightline.sensors.source.Stamped;
import sightline.sensors.source.VideoSource;

/**
 * Recordings as cameras: each frame leaves when its time has come, and a recording that ends begins anew. Frames say that
 * they are a replay; each round is an epoch of its own.
 */
public final class VideoScene implements Scene {
    private static final int JPEG_QUALITY = 85;

    private final Site site;
    private final Map<String, Path> files;
    private final double framesPerSecond;
    private final TimeSource time = TimeSource.system();
    private final Scheduler timer = Schedulers.newParallel("video", 1, true);
    private final JpegEncoder encoder = JpegEncoder.best(JPEG_QUALITY);

    /**
     * @param files recordings by camera name; other cameras of the site are fed by others
     * @param framesPerSecond of the recordings where their files have it wrong; 0 trusts them
     * @throws IllegalArgumentException if a camera has no calibration in the site
     */
    public VideoScene(Site site, Map<String, Path> files, double framesPerSecond) {
        this.site = site;
        this.files = Map.copyOf(files);
        this.framesPerSecond = framesPerSecond;
        files.keySet().forEach(this::version);
    }

    private String version(String camera) {
        return site.sensor(camera)
                .flatMap(s -> s.calibration())
                .orElseThrow(() -> new IllegalArgumentException(
                        "camera " + camera + " has no calibration in the site " + site.scene()))
                .version();
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public List<String> cameras() {
        return files.keySet().stream().sorted().toList();
    }

    @Override
    public List<Stage> start(Production edge) {
        return List.of();
    }

    @Override
    public Stage camera(Production edge, String name, boolean detections) {
        Path file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("there is no recording of camera " + name);
        }
        return edge.add(
                Source.of(name, () -> Flux.defer(() -> round(name, file)).repeat()),
                Stamped.FRAMES,
                Origin.REPLAY,
                SourcePolicy.CAMERA,
                frames -> Pacing.atExposure(frames, Stamped.FRAMES, time, timer),
                Records::frame);
    }

    /** One camera of one recording, by itself. */
    static Stage camera(Production edge, Site site, String name, Feed.Video video) {
        VideoScene alone = new VideoScene(site, Map.of(name, video.file()), video.framesPerSecond());
        return new Alone(alone.camera(edge, name, false), alone);
    }

    private record Alone(Stage feed, VideoScene scene) implements Stage {
        @Override
        public String name() {
            return feed.name();
        }

        @Override
        public String trouble() {
            return feed.trouble();
        }

        @Override
        public void close() {
            feed.close();
            scene.close();
        }
    }

    @Override
    public void close() {
        timer.dispose();
    }

    private Flux<EncodedFrame> round(String camera, Path file) {
        long now = time.nanos();
        CameraStamp stamp = CameraStamp.replay(camera, now).calibrated(version(camera));
        return VideoSource.file(file, stamp, now, framesPerSecond, encoder, Schedulers.boundedElastic())
                .open();
    }
}
