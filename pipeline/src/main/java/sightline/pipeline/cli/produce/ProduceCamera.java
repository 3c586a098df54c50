package sightline.pipeline.cli.produce;

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

/** {@code sightline produce camera}: a camera on the network, kept alive. */
@Command(
        name = "camera",
        description =
                "Publishes a camera on the network (RTSP, or motion JPEG over HTTP) and reconnects when it is lost.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProduceCamera implements Callable<Integer> {

    private static final long TIMEOUT_MILLIS = 5000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ADDRESS", description = "rtsp://… or http://…")
    private String address;

    @Option(names = "--camera", defaultValue = "cam-1", description = "Name of the camera (default ${DEFAULT-VALUE}).")
    private String camera;

    @Option(
            names = "--clock-sigma-ms",
            paramLabel = "MS",
            defaultValue = "50",
            description = "How well its exposure times are known (default ${DEFAULT-VALUE}: stamped on arrival).")
    private long sigmaMillis;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        try (Producing producing =
                new Producing(cluster.bootstrapServers(), OneCamera.site(camera), Origin.LIVE, flow)) {
            CameraStamp stamp = new CameraStamp(
                    camera, producing.time().nanos(), Origin.LIVE, "", "arrival", sigmaMillis * 1_000_000);
            producing.frames(
                    VideoSource.network(
                            address,
                            stamp,
                            producing.time(),
                            TIMEOUT_MILLIS,
                            JpegEncoder.best(85),
                            Schedulers.boundedElastic()),
                    Origin.LIVE);
            return producing.run(spec.commandLine().getOut());
        }
    }
}
