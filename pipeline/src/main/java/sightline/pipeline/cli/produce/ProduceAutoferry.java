package sightline.pipeline.cli.produce;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Site;
import sightline.pipeline.cli.ClusterOptions;
import sightline.pipeline.topology.Records;
import sightline.sensors.dataset.Autoferry;
import sightline.sensors.source.Source;
import sightline.sensors.source.Stamped;

/** {@code sightline produce autoferry}: radar, lidar and two bearing sensors of a ferry. */
@Command(
        name = "autoferry",
        description =
                "Publishes a scenario of the Autoferry data: radar, lidar, infrared and optical scans, and the truth.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ProduceAutoferry implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "A scenario's folder.")
    private Path folder;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private StartOption start;

    @Mixin
    private FlowOptions flow;

    @Override
    public Integer call() throws Exception {
        flow.startingAt(start);
        Autoferry scenario = Autoferry.open(folder, Autoferry.Noise.DEFAULT);
        Site site = scenario.site();
        try (Producing producing = new Producing(cluster.bootstrapServers(), site, Origin.REPLAY, flow)) {
            // One shift for all, so that the sensors stay in step with each other.
            long shift = start.nanos(producing.time())
                    - scenario.scans().stream()
                            .mapToLong(scan -> scan.time().exposureNanos())
                            .min()
                            .orElse(0);
            for (Autoferry.Sensor sensor : Autoferry.Sensor.values()) {
                producing.add(
                        shifted(scenario.source(sensor), shift),
                        Stamped.SCANS,
                        Origin.REPLAY,
                        scan -> Records.scan(site, scan));
            }
            producing.truth(Flux.fromIterable(scenario.truth()).map(point -> shifted(point, shift)));
            return producing.run(spec.commandLine().getOut());
        }
    }

    private static Source<Scan> shifted(Source<Scan> source, long nanos) {
        return new Source<>() {
            @Override
            public String name() {
                return source.name();
            }

            @Override
            public Flux<Scan> open() {
                return source.open().map(scan -> Stamped.SCANS.shifted(scan, nanos));
            }
        };
    }

    private static TruthPoint shifted(TruthPoint point, long nanos) {
        return new TruthPoint(
                point.object(),
                point.label(),
                point.timeNanos() + nanos,
                point.east(),
                point.north(),
                point.velocityEast(),
                point.velocityNorth(),
                point.origin());
    }
}
