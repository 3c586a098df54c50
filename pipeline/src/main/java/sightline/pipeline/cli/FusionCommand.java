package sightline.pipeline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.operators.fusion.bench.BenchTable;
import sightline.operators.fusion.bench.FusionBench;
import sightline.operators.fusion.bench.Presets;

/** {@code sightline fusion}: the filters against their probabilistic counterparts. */
@Command(
        name = "fusion",
        description = "Compares fusion methods on simulated scenarios.",
        mixinStandardHelpOptions = true,
        subcommands = FusionCommand.Bench.class)
final class FusionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "bench",
            description = "Mean OSPA and rms GOSPA of every method on the same scans, with standard errors.",
            mixinStandardHelpOptions = true)
    static final class Bench implements Callable<Integer> {
        @Option(
                names = "--runs",
                description = "Monte Carlo runs a column (default ${DEFAULT-VALUE}).",
                defaultValue = "20")
        private int runs;

        @Option(names = "--seed", description = "Of the first run (default ${DEFAULT-VALUE}).", defaultValue = "1")
        private long seed;

        @Override
        public Integer call() {
            BenchTable table = FusionBench.run(
                    new FusionBench.Options(runs, seed, FusionBench.REFERENCE),
                    Presets.all(),
                    line -> System.err.print("\r" + line + "   "));
            System.err.println();
            System.out.println(table.markdown());
            return 0;
        }
    }
}
