package sightline.pipeline.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.config.domain.Detections;
import sightline.operators.fusion.bench.BenchTable;
import sightline.operators.fusion.bench.FusionBench;
import sightline.operators.fusion.bench.Presets;
import sightline.operators.perception.Perceiver;
import sightline.pipeline.evaluate.PetsReplay;
import sightline.pipeline.topology.ShippedNetworks;

/** {@code sightline fusion}: the filters against their probabilistic counterparts. */
@Command(
        name = "fusion",
        description = "Compares fusion methods on simulated scenarios.",
        mixinStandardHelpOptions = true,
        subcommands = {FusionCommand.Bench.class, FusionCommand.Pets.class})
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

    @Command(
            name = "pets",
            description = "From pixels to ground tracks on PETS 2009 S2L1, against its ground truth.",
            mixinStandardHelpOptions = true)
    static final class Pets implements Callable<Integer> {
        @Option(
                names = "--data",
                description = "Folder of the data (default ${DEFAULT-VALUE}).",
                defaultValue = "../shared/data")
        private Path data;

        @Option(
                names = "--threads",
                description = "Threads of the engine (default ${DEFAULT-VALUE}).",
                defaultValue = "2")
        private int threads;

        @Override
        public Integer call() {
            try (Perceiver<Detections> detector = ShippedNetworks.detector(416, threads)) {
                System.out.println(detector.identity());
                System.out.println(PetsReplay.run(data, detector, n -> System.err.print("\rframe " + n + " ")));
            }
            return 0;
        }
    }
}
