package sightline.pipeline.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sightline.pipeline.cli.produce.ProduceCommand;
import sightline.pipeline.cli.recording.RecordCommand;
import sightline.pipeline.cli.recording.ReplayCommand;
import sightline.pipeline.cli.tail.TailCommand;

/**
 * The {@code sightline} command.
 *
 * <p>Exit codes: 0 success; 1 the command ran and failed, the last line says why; 2 the arguments are off; 3 no JDK 25
 * and 4 the build failed (both from the launcher).
 */
@Command(
        name = "sightline",
        description = "Many cameras and sensors, one honest picture.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            InferCommand.class,
            ModelsCommand.class,
            WeightsCommand.class,
            TrainPackCommand.class,
            ProfileCommand.class,
            EvaluateCommand.class,
            TrainCommand.class,
            FusionCommand.class,
            BenchCommand.class,
            DepictCommand.class,
            DrillCommand.class,
            EraseCommand.class,
            BrokerCommand.class,
            TopicsCommand.class,
            ProduceCommand.class,
            TailCommand.class,
            RecordCommand.class,
            ReplayCommand.class,
            SettingsCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:the command ran and failed, the last line says why",
            "2:the arguments are off",
            "3:no JDK 25 (from the launcher)",
            "4:the build failed (from the launcher)"
        },
        sortOptions = false)
public final class Sightline implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Sightline())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new OneSentence());
    }
}
