package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sightline.config.time.TimeSource;
import sightline.pipeline.topology.Erasure;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.Outbound;

/** {@code sightline erase}: what is kept of an event or of a track is deleted, and nothing is drawn of it again. */
@Command(
        name = "erase",
        description = "Has all that is kept of an event or a track deleted: frames kept as evidence and depictions.",
        footer = {
            "",
            "  sightline erase --event zone:enter:plaza/12:4711    as its id is shown with the event",
            "  sightline erase --track plaza/12                    in whatever event it took part"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EraseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--event", paramLabel = "ID", description = "An event; may be repeated.")
    private List<String> events = List.of();

    @Option(names = "--track", paramLabel = "ID", description = "A track; may be repeated.")
    private List<String> tracks = List.of();

    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() {
        if (events.isEmpty() && tracks.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name what to erase with --event or --track");
        }
        long now = TimeSource.system().nanos();
        Stream<Outbound> wishes = Stream.concat(
                events.stream().map(id -> Erasure.ofEvent(id, now)),
                tracks.stream().map(id -> Erasure.ofTrack(id, now)));
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaSink sink = KafkaSink.to(cluster.bootstrapServers(), "erase")) {
            wishes.forEach(wish -> {
                sink.send(wish).block();
                out.println(wish.key() + " will be erased by every process that keeps pictures");
            });
        }
        out.flush();
        return 0;
    }
}
