package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.sensors.broker.BrokerOptions;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.TopicAdmin;

/** {@code sightline broker}: one Kafka broker in this process, with the topics of the contract. */
@Command(
        name = "broker",
        description = "Runs a Kafka broker and creates the topics of the contract, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "9092",
            description = "Port for clients, 0 for any free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default ${DEFAULT-VALUE}). The broker asks nobody for a password.")
    private String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep records here over restarts (default: a temporary directory, deleted at the end).")
    private Path data;

    @Option(names = "--seconds", paramLabel = "S", description = "Stop after so many seconds.")
    private Integer seconds;

    @Mixin
    private RosterOptions roster;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        BrokerOptions options =
                (data == null ? BrokerOptions.temporary() : BrokerOptions.persistent(data)).listeningOn(host, port);
        try (Stop stop = Stop.onSignal();
                EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            int created = createTopics(broker.bootstrapServers());
            out.println("Kafka is at " + broker.bootstrapServers() + ", data in " + broker.directory() + ", " + created
                    + " topics created. Ctrl-C stops it.");
            out.flush();
            stop.await(seconds);
        }
        return 0;
    }

    private int createTopics(String bootstrapServers) {
        try (TopicAdmin admin = TopicAdmin.connect(bootstrapServers)) {
            return admin.createMissing(roster.topics()).size();
        }
    }
}
