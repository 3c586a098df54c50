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
import sightline.sensors.source.ImageFolderSource;

/** {@code sightline produce images}: the pictures of a folder as a camera. */
@Command(
        name = "images",
        description = "Publishes the JPEG and PNG files of a folder, in the order of their names, as a camera.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProduceImages implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Holds the pictures.")
    private Path folder;

    @Mixin
    private CameraName name;

    @Option(
            names = "--fps",
            paramLabel = "HZ",
            defaultValue = "10",
            description = "Frames a second (default ${DEFAULT-VALUE}).")
    private double framesPerSecond;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private StartOption start;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        flow.startingAt(start);
        String camera = name.of(folder);
        try (Producing producing =
                new Producing(cluster.bootstrapServers(), OneCamera.site(camera), Origin.REPLAY, flow)) {
            producing.frames(
                    new ImageFolderSource(
                            folder,
                            CameraStamp.replay(camera, producing.time().nanos()),
                            start.nanos(producing.time()),
                            framesPerSecond,
                            JpegEncoder.best(90),
                            Schedulers.boundedElastic()),
                    Origin.REPLAY);
            return producing.run(spec.commandLine().getOut());
        }
    }
}
