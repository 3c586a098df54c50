package sightline.pipeline.cli;

import java.util.List;
import picocli.CommandLine.Option;
import sightline.sensors.kafka.TopicSpec;

/** How large a site the topics are for. */
final class RosterOptions {

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "Fusion nodes of the site: partitions of their topics (default ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--cameras",
            paramLabel = "N",
            defaultValue = "4",
            description = "Cameras of the site: partitions of the frames (default ${DEFAULT-VALUE}).")
    private int cameras;

    List<TopicSpec> topics() {
        return TopicSpec.contract(nodes, cameras);
    }
}
