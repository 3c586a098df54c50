package sightline.pipeline.cli.produce;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Origin;
import sightline.config.site.Site;
import sightline.pipeline.cli.ClusterOptions;
import sightline.pipeline.topology.Records;
import sightline.sensors.dataset.Wildtrack;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.source.Stamped;

/** {@code sightline produce wildtrack}: seven cameras' boxes as an imperfect detector would see them. */
@Command(
        name = "wildtrack",
        description =
                "Publishes the annotated boxes of WILDTRACK's seven cameras as simulated detections, and the truth.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProduceWildtrack implements Callable<Integer> {

    private static final double DETECTION = 0.9;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "Holds calibrations and annotations_positions.")
    private Path folder;

    @Option(
            names = "--nodes",
            defaultValue = "3",
            description = "Fusion nodes that share the cameras (default " + "${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of the detector's errors (default " + "${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private StartOption start;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        flow.startingAt(start);
        Wildtrack recording = Wildtrack.open(folder);
        Site site = recording.site(nodes, DETECTION, BoxPerturbation.TYPICAL.falseAlarms());
        try (Producing producing = new Producing(cluster.bootstrapServers(), site, Origin.REPLAY, flow)) {
            long first = start.nanos(producing.time());
            for (int camera = 0; camera < recording.calibrations().size(); camera++) {
                producing.add(
                        recording.detections(camera, BoxPerturbation.TYPICAL, seed, first, Schedulers.boundedElastic()),
                        Stamped.DETECTIONS,
                        Origin.SIMULATED,
                        detections -> Records.detections(site, detections));
            }
            producing.truth(
                    Flux.range(0, recording.length()).concatMapIterable(index -> recording.truth(index, first), 1));
            return producing.run(spec.commandLine().getOut());
        }
    }
}
