package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicState;

/** {@code sightline topics describe}: what the contract says of each topic, and what the cluster has. */
@Command(
        name = "describe",
        description = "Shows each topic of the contract and how the cluster has it.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TopicsDescribe implements Callable<Integer> {

    private static final String FORM = "%-24s %-15s %-30s %-8s %9s %6s  %s%n";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--contract", description = "Only what the contract says; needs no cluster.")
    private boolean contractOnly;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, TopicState> states = contractOnly ? Map.of() : states();
        out.printf(FORM, "topic", "key", "value", "cleanup", "retention", "packed", contractOnly ? "" : "cluster");
        for (Topic topic : Topics.ALL) {
            out.printf(
                    FORM,
                    topic.name(),
                    topic.key(),
                    Codecs.forTopic(topic.name()).map(Codec::type).orElse("image/jpeg, headers"),
                    topic.cleanup(),
                    topic.retention().isZero() ? "-" : hours(topic),
                    topic.compression(),
                    contractOnly ? "" : state(states.get(topic.name())));
        }
        return 0;
    }

    private Map<String, TopicState> states() {
        try (TopicAdmin admin = TopicAdmin.connect(cluster.bootstrapServers())) {
            return admin.describe(Topics.ALL.stream().map(Topic::name).toList());
        }
    }

    private static String hours(Topic topic) {
        long minutes = topic.retention().toMinutes();
        return minutes % 1440 == 0 ? minutes / 1440 + " d" : minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
    }

    private static String state(TopicState state) {
        return state == null
                ? "missing"
                : state.partitions() + " partitions, " + state.replicas() + " replicas, cleanup "
                        + state.settings().getOrDefault("cleanup.policy", "?");
    }
}
