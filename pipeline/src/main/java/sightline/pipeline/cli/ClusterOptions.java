package sightline.pipeline.cli;

import picocli.CommandLine.Option;

/** Which cluster a command speaks to. */
public final class ClusterOptions {

    @Option(
            names = {"-b", "--bootstrap-servers"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:SIGHTLINE_BOOTSTRAP_SERVERS:-localhost:9092}",
            description = "The Kafka cluster (default ${DEFAULT-VALUE}).")
    private String bootstrapServers;

    public String bootstrapServers() {
        return bootstrapServers;
    }
}
