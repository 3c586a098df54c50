package sightline.pipeline.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sightline topics}: the contract's topics on a cluster. */
@Command(
        name = "topics",
        description = "Creates, describes and checks the topics of the contract.",
        mixinStandardHelpOptions = true,
        subcommands = {TopicsCreate.class, TopicsDescribe.class, TopicsCheck.class})
final class TopicsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
