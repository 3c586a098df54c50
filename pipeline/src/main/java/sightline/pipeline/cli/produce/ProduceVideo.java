package sightline.pipeline.cli.produce;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Origin;
import sightline.pipeline.cli.ClusterOptions;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.source.CameraStamp;
import sightline.sensors.source.VideoSource;

/** {@code sightline produce video}: a video file as a camera. */
@Command(
        name = "video",
        description = "Publishes a video file (MP4, AVI and others) as a camera.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProduceVideo implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The video.")
    private Path file;

    @Mixin
    private CameraName name;

    @Option(
            names = "--fps",
            paramLabel = "HZ",
            defaultValue = "0",
            description = "Frames a second, where the file has them wrong (default: the file's own timing).")
    private double framesPerSecond;

    @Option(
            names = "--quality",
            defaultValue = "85",
            description = "JPEG quality of what is compressed again (default " + "${DEFAULT-VALUE}).")
    private int quality;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private StartOption start;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        flow.startingAt(start);
        String camera = name.of(file);
        try (Producing producing =
                new Producing(cluster.bootstrapServers(), OneCamera.site(camera), Origin.REPLAY, flow)) {
            producing.frames(
                    VideoSource.file(
                            file,
                            CameraStamp.replay(camera, producing.time().nanos()),
                            start.nanos(producing.time()),
                            framesPerSecond,
                            JpegEncoder.best(quality),
                            Schedulers.boundedElastic()),
                    Origin.REPLAY);
            return producing.run(spec.commandLine().getOut());
        }
    }
}
