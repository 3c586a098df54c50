package sightline.pipeline.cli.recording;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.pipeline.cli.ClusterOptions;
import sightline.pipeline.cli.Stop;
import sightline.pipeline.cli.tail.From;
import sightline.pipeline.cli.tail.TopicNames;
import sightline.pipeline.mcap.Compression;
import sightline.pipeline.recording.ClusterRecords;
import sightline.pipeline.recording.Recorded;
import sightline.pipeline.recording.RecordingWriter;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.TopicAdmin;

/** {@code sightline record}: topics into an MCAP file. */
@Command(
        name = "record",
        description = "Records topics to an MCAP file, which Foxglove opens and sightline replay plays.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "  sightline record day.mcap                        everything from now until Ctrl-C",
            "  sightline record --from 10m --until-end x.mcap   the last ten minutes",
            "  sightline record --topic detection --topic measurement x.mcap"
        })
public final class RecordCommand implements Callable<Integer> {
    /** A file whose writer is killed lacks about this much. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(paramLabel = "FILE", description = "The file to make; one that exists is not overwritten.")
    private Path file;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Topics, or any part of their names (default: all of the contract).")
    private List<String> wanted = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            defaultValue = "newest",
            converter = From.class,
            description = "oldest, newest, an instant, or how long ago as in 90s, 15m, 2h, 1d (default "
                    + "${DEFAULT-VALUE}). By exposure time.")
    private Intake.Start from;

    @Option(names = "--until-end", description = "Stop at what is the end now, instead of waiting for more.")
    private boolean untilEnd;

    @Option(names = "--seconds", paramLabel = "S", description = "Stop after so many seconds.")
    private Integer seconds;

    @Option(
            names = "--compression",
            defaultValue = "zstd",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Compression compression;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (Stop stop = Stop.onSignal();
                RecordingWriter writer = RecordingWriter.create(file, compression)) {
            Flux<List<Recorded>> records = ClusterRecords.read(cluster.bootstrapServers(), topics(), from, untilEnd)
                    .bufferTimeout(256, FLUSH, true)
                    .takeUntilOther(Flux.interval(Duration.ofMillis(100))
                            .onBackpressureDrop()
                            .filter(beat -> stop.asked()));
            long flushed = System.nanoTime();
            for (List<Recorded> some :
                    (seconds == null ? records : records.take(Duration.ofSeconds(seconds))).toIterable(4)) {
                for (Recorded record : some) {
                    writer.write(record);
                }
                if (System.nanoTime() - flushed > FLUSH.toNanos()) {
                    writer.flush();
                    flushed = System.nanoTime();
                }
            }
            out.println(writer.records() + " records are in " + file);
        }
        return 0;
    }

    private List<String> topics() {
        Set<String> existing;
        try (TopicAdmin admin = TopicAdmin.connect(cluster.bootstrapServers(), Duration.ofSeconds(5))) {
            existing = admin.describe().keySet();
        }
        List<String> contract =
                Topics.ALL.stream().map(Topic::name).filter(existing::contains).toList();
        try {
            return wanted.isEmpty() ? contract : TopicNames.match(wanted, contract);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
