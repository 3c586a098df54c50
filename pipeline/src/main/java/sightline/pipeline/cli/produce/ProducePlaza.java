package sightline.pipeline.cli.produce;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Origin;
import sightline.pipeline.cli.ClusterOptions;
import sightline.pipeline.topology.Records;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;
import sightline.sensors.source.SceneSources;
import sightline.sensors.source.Stamped;

/** {@code sightline produce plaza}: the simulated scene. */
@Command(
        name = "plaza",
        description = "Publishes a simulated plaza: cameras' frames, radar scans and the truth, all from one seed.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProducePlaza implements Callable<Integer> {

    private static final long TRUTH_STEP_NANOS = 100_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", defaultValue = "7", description = "Seed of the plaza (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--cameras", defaultValue = "4", description = "How many (default ${DEFAULT-VALUE}).")
    private int cameras;

    @Option(names = "--radars", defaultValue = "1", description = "How many (default ${DEFAULT-VALUE}).")
    private int radars;

    @Option(names = "--nodes", defaultValue = "3", description = "Fusion nodes of the site (default ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--fps", defaultValue = "10", description = "Frames a second (default ${DEFAULT-VALUE}).")
    private double framesPerSecond;

    @Option(names = "--width", defaultValue = "640", description = "Picture width (default ${DEFAULT-VALUE}).")
    private int width;

    @Option(names = "--height", defaultValue = "360", description = "Picture height (default ${DEFAULT-VALUE}).")
    private int height;

    @Option(names = "--without-truth", description = "Leave out the topic that says where everybody really is.")
    private boolean withoutTruth;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        PlazaSettings settings =
                PlazaSettings.of(seed).withSensors(cameras, radars, nodes).withPicture(width, height, framesPerSecond);
        Scheduler drawing = Schedulers.newParallel("plaza", Runtime.getRuntime().availableProcessors(), true);
        try (Producing producing =
                new Producing(cluster.bootstrapServers(), Plaza.of(settings).site(), Origin.SIMULATED, flow)) {
            JpegEncoder encoder = JpegEncoder.best(85);
            // The scene begins once there is somewhere to send it.
            long start = producing.time().nanos();
            Plaza plaza = Plaza.of(settings.startingAt(start));
            plaza.cameras()
                    .forEach(camera ->
                            producing.frames(SceneSources.frames(camera, start, encoder, drawing), Origin.SIMULATED));
            plaza.radars()
                    .forEach(radar -> producing.add(
                            SceneSources.scans(radar, start, drawing),
                            Stamped.SCANS,
                            Origin.SIMULATED,
                            scan -> Records.scan(plaza.site(), scan)));
            if (!withoutTruth) {
                producing.truth(SceneSources.truth(plaza, start, TRUTH_STEP_NANOS));
            }
            return producing.run(spec.commandLine().getOut());
        } finally {
            drawing.dispose();
        }
    }
}
