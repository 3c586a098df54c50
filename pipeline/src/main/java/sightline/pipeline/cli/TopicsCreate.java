package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicSpec;

/** {@code sightline topics create}: makes what is missing and leaves the rest alone. */
@Command(
        name = "create",
        description = "Creates the topics that are missing; existing ones are left as they are.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TopicsCreate implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private RosterOptions roster;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<TopicSpec> topics = roster.topics();
        try (TopicAdmin admin = TopicAdmin.connect(cluster.bootstrapServers())) {
            List<String> created = admin.createMissing(topics);
            created.forEach(name -> out.println("created " + name));
            out.println(created.size() + " created, " + (topics.size() - created.size()) + " were there.");
        }
        return 0;
    }
}
