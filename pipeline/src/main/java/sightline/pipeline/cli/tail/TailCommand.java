package sightline.pipeline.cli.tail;

import java.io.PrintWriter;
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
import sightline.pipeline.cli.ClusterOptions;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.TopicAdmin;

/** {@code sightline tail}: prints records, decoded. Reads outside any group, so it disturbs nobody and commits nothing. */
@Command(
        name = "tail",
        description = "Prints records of topics, decoded, one line each.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "  sightline tail track                   fused tracks as they come",
            "  sightline tail frame --from oldest     every frame that is still kept",
            "  sightline tail --json event | jq .     events for a program",
            "  sightline tail dlq --from 1d           what could not be processed since yesterday"
        })
public final class TailCommand implements Callable<Integer> {

    private static final int LARGEST_RECORD = 8 << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(
            paramLabel = "TOPIC",
            description = "Topics, or any part of their names (default: all of the contract but the frames).")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            defaultValue = "newest",
            converter = From.class,
            description = "oldest, newest, an instant, or how long ago as in 90s, 15m, 2h, 1d (default "
                    + "${DEFAULT-VALUE}). By exposure time.")
    private Intake.Start from;

    @Option(names = "--key", paramLabel = "KEY", description = "Only records with this key: a camera, a track.")
    private String key;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Stop after so many records.")
    private Long limit;

    @Option(names = "--until-end", description = "Stop at what is the end now, instead of waiting for more.")
    private boolean untilEnd;

    @Option(names = "--seconds", paramLabel = "S", description = "Stop after so many seconds.")
    private Integer seconds;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        RecordJson asJson = new RecordJson();
        Flux<Inbound> records = Inbound.discarding(source().records())
                .doOnNext(Inbound::acknowledge)
                .filter(record -> key == null || record.key().equals(key));
        records = limit == null ? records : records.take(limit);
        records = seconds == null ? records : records.take(Duration.ofSeconds(seconds));
        records.map(record -> {
                    Decoded decoded = Decoded.of(record);
                    return json ? asJson.of(record, decoded) : Line.of(record, decoded);
                })
                // A reader that has gone away, as head does, ends it.
                .takeUntil(line -> {
                    out.println(line);
                    return out.checkError();
                })
                .blockLast();
        return 0;
    }

    private KafkaSource source() {
        KafkaSource.Builder source = KafkaSource.builder(cluster.bootstrapServers())
                .name("tail")
                .intake(new Intake.Assigned(topics(), List.of(), from))
                .profile(new ConsumerProfile(LARGEST_RECORD, 4 * LARGEST_RECORD, 1, 100, true, true));
        return untilEnd ? source.untilEnd().build() : source.build();
    }

    private List<String> topics() {
        Set<String> existing;
        try (TopicAdmin admin = TopicAdmin.connect(cluster.bootstrapServers(), Duration.ofSeconds(5))) {
            existing = admin.describe().keySet();
        }
        try {
            return TopicNames.match(wanted, existing);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
