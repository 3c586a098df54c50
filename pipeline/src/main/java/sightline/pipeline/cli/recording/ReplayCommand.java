package sightline.pipeline.cli.recording;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.config.site.SiteFile;
import sightline.config.time.TimeSource;
import sightline.pipeline.cli.tail.From;
import sightline.pipeline.recording.ClusterRecords;
import sightline.pipeline.recording.ExposureMerge;
import sightline.pipeline.recording.Recorded;
import sightline.pipeline.recording.RecordingReader;
import sightline.pipeline.recording.Refusion;
import sightline.pipeline.recording.Scans;
import sightline.pipeline.recording.Shift;
import sightline.pipeline.topology.PlazaSource;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.Outbound;

/** {@code sightline replay}: what was recorded, fused again, or sent into a cluster again. */
@Command(
        name = "replay",
        description = "Fuses a recording again and tells its digest, or sends it into a cluster as if it were now.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "  sightline replay day.mcap                              fuse it again: the same digest every time",
            "  sightline replay --from-cluster kafka:9092 --from 10m  the same from what Kafka still has",
            "  sightline replay --to kafka:9092 day.mcap              frames and measurements again, marked REPLAY"
        })
public final class ReplayCommand implements Callable<Integer> {
    private static final Duration LATENESS = Duration.ofSeconds(2);
    private static final int MOST_WAITING = 200_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "Made by sightline record.")
    private Path file;

    @Option(names = "--from-cluster", paramLabel = "HOST:PORT", description = "Read topics of a cluster, not a file.")
    private String cluster;

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            defaultValue = "oldest",
            converter = From.class,
            description = "With --from-cluster: oldest, an instant, or how long ago (default ${DEFAULT-VALUE}).")
    private Intake.Start from;

    @Option(names = "--to", paramLabel = "HOST:PORT", description = "Send it into this cluster instead of fusing it.")
    private String to;

    @Option(names = "--site", paramLabel = "FILE", description = "The site as YAML (default: the simulated plaza's).")
    private Path siteFile;

    @Option(names = "--seed", description = "Seed of the plaza (default ${DEFAULT-VALUE}).", defaultValue = "7")
    private long seed;

    @Override
    public Integer call() throws Exception {
        if ((file == null) == (cluster == null)) {
            throw new ParameterException(spec.commandLine(), "give a FILE or --from-cluster, one of them");
        }
        if (to != null) {
            if (file == null) {
                throw new ParameterException(spec.commandLine(), "--to sends a FILE");
            }
            return send();
        }
        return fuse();
    }

    private Integer fuse() throws IOException {
        Site site = siteFile == null ? PlazaSource.now(seed, 1).site() : SiteFile.read(siteFile);
        PrintWriter out = spec.commandLine().getOut();
        Scans scans = new Scans(site);
        Refusion fusion = new Refusion(site);
        ExposureMerge merge;
        if (file != null) {
            try (RecordingReader reader = RecordingReader.open(file)) {
                Set<String> sensors = new HashSet<>();
                Scans.TOPICS.forEach(topic -> sensors.addAll(reader.keys(topic)));
                merge = new ExposureMerge(sensors, LATENESS.toNanos(), MOST_WAITING, fusion::offer);
                records(reader).toIterable().forEach(r -> scans.of(r).ifPresent(merge::offer));
                if (!reader.complete()) {
                    out.println("The recording breaks off: its writer did not come to its end.");
                }
            }
        } else {
            Set<String> sensors = new HashSet<>();
            site.sensors().stream().map(SensorSpec::name).forEach(sensors::add);
            merge = new ExposureMerge(sensors, LATENESS.toNanos(), MOST_WAITING, fusion::offer);
            ClusterRecords.read(cluster, Scans.TOPICS, from, true).toIterable().forEach(r -> scans.of(r)
                    .ifPresent(merge::offer));
        }
        merge.end();
        Refusion.Outcome outcome = fusion.end();
        out.printf(
                Locale.ROOT,
                "%d scans, %d left out as late, %d records that gave none; %d ticks, %d tracks%nfused digest %s%n",
                outcome.scans(),
                merge.late(),
                scans.passedOver(),
                outcome.ticks(),
                outcome.tracks(),
                outcome.digest());
        if (merge.unwaited() > 0) {
            out.println("A sensor was silent for so long that it was not waited for any more; the digest may differ.");
        }
        return 0;
    }

    private Integer send() throws IOException {
        TimeSource time = TimeSource.system();
        try (RecordingReader reader = RecordingReader.open(file);
                KafkaSink sink = KafkaSink.to(to, "replay")) {
            Long sent = sink.send(records(reader)
                            .filter(Shift::applies)
                            .switchOnFirst((first, all) -> first.hasValue()
                                    ? again(all, Shift.toNow(first.get().exposureNanos(), time.nanos()), time)
                                    : Flux.empty()))
                    .count()
                    .block();
            spec.commandLine().getOut().println(sent + " records were sent again");
        }
        return 0;
    }

    /** Each when its moved exposure has come. */
    private static Flux<Outbound> again(Flux<Recorded> records, Shift shift, TimeSource time) {
        return records.concatMap(
                record -> Mono.delay(
                                Duration.ofNanos(Math.max(0, record.exposureNanos() + shift.nanos() - time.nanos())))
                        .map(waited -> shift.apply(record)),
                1);
    }

    private static Flux<Recorded> records(RecordingReader reader) {
        return Flux.generate(sink -> {
            try {
                reader.next().ifPresentOrElse(sink::next, sink::complete);
            } catch (IOException e) {
                sink.error(new UncheckedIOException(e));
            }
        });
    }
}
