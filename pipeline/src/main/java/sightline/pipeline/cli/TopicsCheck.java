package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sightline.sensors.kafka.Finding;
import sightline.sensors.kafka.Preflight;

/** {@code sightline topics check}: the preflight alone. Exit code 1 where something must change first. */
@Command(
        name = "check",
        description = "Says, in one sentence each, what has to change on the cluster before Sightline can use it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing must change", "1:something must change, as said", "2:the arguments are off"})
final class TopicsCheck implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private RosterOptions roster;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new Preflight(cluster.bootstrapServers()).check(roster.topics());
        findings.forEach(finding -> out.println((finding.blocking() ? "must   " : "should ") + finding.sentence()));
        if (findings.isEmpty()) {
            out.println("Nothing has to change at " + cluster.bootstrapServers() + ".");
        }
        return findings.stream().anyMatch(Finding::blocking) ? 1 : 0;
    }
}
