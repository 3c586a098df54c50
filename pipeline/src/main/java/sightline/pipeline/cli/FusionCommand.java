package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sightline.config.domain.Detections;
import sightline.operators.canvas.Plot;
import sightline.operators.fusion.bench.AutoferryBench;
import sightline.operators.fusion.bench.BenchPlot;
import sightline.operators.fusion.bench.BenchTable;
import sightline.operators.fusion.bench.CameraLoad;
import sightline.operators.fusion.bench.Column;
import sightline.operators.fusion.bench.FusionBench;
import sightline.operators.fusion.bench.NetworkBench;
import sightline.operators.fusion.bench.PartialViews;
import sightline.operators.fusion.bench.PeerTiming;
import sightline.operators.fusion.bench.Presets;
import sightline.operators.fusion.bench.ScanTiming;
import sightline.operators.fusion.bench.WildtrackBench;
import sightline.operators.perception.Perceiver;
import sightline.pipeline.evaluate.CrowdOverKafka;
import sightline.pipeline.evaluate.PetsReplay;
import sightline.pipeline.infer.ShippedDetector;

/** {@code sightline fusion}: the filters against their probabilistic counterparts, on simulated and on real data. */
@Command(
        name = "fusion",
        description = "Measures fusion on simulated scenarios and on recordings.",
        mixinStandardHelpOptions = true,
        subcommands = {
            FusionCommand.Bench.class,
            FusionCommand.Network.class,
            FusionCommand.Wild.class,
            FusionCommand.Ferry.class,
            FusionCommand.Pets.class,
            FusionCommand.Speed.class,
            FusionCommand.Peers.class,
            FusionCommand.Views.class,
            FusionReplay.class
        })
final class FusionCommand implements Runnable {
    private static final String DATA = "../shared/data";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static void progress(String line) {
        Progress.onTerminal().show(Double.NaN, line);
    }

    /** Before minutes of work, not after them. */
    private static void check(Path plot) {
        if (plot != null) {
            Plot.check(plot);
        }
    }

    /** How often a simulated scene is played. */
    static final class Repetition {
        @Option(names = "--runs", description = "Monte Carlo runs (default ${DEFAULT-VALUE}).", defaultValue = "4")
        private int runs;

        @Option(names = "--seed", description = "Of the first run (default ${DEFAULT-VALUE}).", defaultValue = "1")
        private long seed;
    }

    @Command(
            name = "bench",
            description = "Mean OSPA of every method on the same scans, with standard errors.",
            mixinStandardHelpOptions = true)
    static final class Bench implements Callable<Integer> {
        @Option(
                names = "--runs",
                description = "Monte Carlo runs a column (default ${DEFAULT-VALUE}).",
                defaultValue = "20")
        private int runs;

        @Option(names = "--seed", description = "Of the first run (default ${DEFAULT-VALUE}).", defaultValue = "1")
        private long seed;

        @Option(
                names = "--threads",
                description = "Threads that share the runs (default ${DEFAULT-VALUE}).",
                defaultValue = "2")
        private int threads;

        @Option(names = "--plot", description = "Also draw the table to this file, .png or .svg.")
        private Path plot;

        @Override
        public Integer call() throws IOException {
            check(plot);
            BenchTable table = FusionBench.run(
                    new FusionBench.Options(runs, seed, FusionBench.REFERENCE, threads),
                    Presets.all(),
                    FusionCommand::progress);
            System.out.println();
            System.out.println(table.markdown());
            if (plot != null) {
                BenchPlot.of(table).write(plot);
            }
            return 0;
        }
    }

    @Command(
            name = "network",
            description = "Decentralised fusion under loss, delay, copies and partial views.",
            mixinStandardHelpOptions = true)
    static final class Network implements Callable<Integer> {
        @Mixin
        private Repetition repetition;

        @Override
        public Integer call() {
            System.out.println();
            System.out.println(NetworkBench.markdown(NetworkBench.run(
                    NetworkBench.standard(), repetition.runs, repetition.seed, FusionCommand::progress)));
            return 0;
        }
    }

    @Command(
            name = "views",
            description = "Four nodes that each see a quarter: who loses the targets that only some nodes see?",
            mixinStandardHelpOptions = true)
    static final class Views implements Callable<Integer> {
        @Mixin
        private Repetition repetition;

        @Override
        public Integer call() {
            System.out.println();
            System.out.println(
                    PartialViews.markdown(PartialViews.run(repetition.runs, repetition.seed, FusionCommand::progress)));
            return 0;
        }
    }

    @Command(
            name = "wildtrack",
            description = "Seven cameras on WILDTRACK's last 40 frames, from perturbed ground truth, fusion only.",
            mixinStandardHelpOptions = true)
    static final class Wild implements Callable<Integer> {
        @Option(names = "--data", description = "Folder of the data (default ${DEFAULT-VALUE}).", defaultValue = DATA)
        private Path data;

        @Option(
                names = "--seed",
                description = "Of the detector's errors (default ${DEFAULT-VALUE}).",
                defaultValue = "1")
        private long seed;

        @Option(names = "--plot", description = "Also draw both runs to this file, .png or .svg.")
        private Path plot;

        @Override
        public Integer call() throws IOException {
            check(plot);
            Path folder = data.resolve("wildtrack");
            WildtrackBench.Result central = WildtrackBench.run(folder, 1, 360, 400, seed, FusionCommand::progress);
            WildtrackBench.Result nodes = WildtrackBench.run(folder, 7, 360, 400, seed, FusionCommand::progress);
            System.out.println();
            System.out.println(WildtrackBench.markdown(List.of(central, nodes)));
            if (plot != null) {
                WildtrackBench.plot(List.of(central, nodes)).write(plot);
            }
            return 0;
        }
    }

    @Command(
            name = "autoferry",
            description = "Radar, lidar and two bearing cameras on a ferry, all six scenarios.",
            mixinStandardHelpOptions = true)
    static final class Ferry implements Callable<Integer> {
        @Option(names = "--data", description = "Folder of the data (default ${DEFAULT-VALUE}).", defaultValue = DATA)
        private Path data;

        @Override
        public Integer call() throws IOException {
            try (Stream<Path> all = Files.list(data.resolve("autoferry"))) {
                List<Path> folders = all.filter(Files::isDirectory).sorted().toList();
                System.out.println();
                System.out.println(AutoferryBench.markdown(AutoferryBench.run(folders, FusionCommand::progress)));
            }
            return 0;
        }
    }

    @Command(
            name = "pets",
            description = "From pixels to ground tracks on PETS 2009 S2L1, against its ground truth, with SORT beside.",
            mixinStandardHelpOptions = true)
    static final class Pets implements Callable<Integer> {
        @Option(names = "--data", description = "Folder of the data (default ${DEFAULT-VALUE}).", defaultValue = DATA)
        private Path data;

        @Option(
                names = "--threads",
                description = "Threads of the engine (default ${DEFAULT-VALUE}).",
                defaultValue = "2")
        private int threads;

        @Option(
                names = "--score",
                description = "Detections below it are dropped (default ${DEFAULT-VALUE}).",
                defaultValue = "0.35")
        private double score;

        @Override
        public Integer call() {
            try (Perceiver<Detections> detector = ShippedDetector.open(416, threads, score)) {
                System.out.println(PetsReplay.run(data, detector, n -> FusionCommand.progress("frame " + n)));
            }
            return 0;
        }
    }

    @Command(
            name = "speed",
            description = "Time a scan against targets and clutter, and a hundred cameras at 30 Hz.",
            mixinStandardHelpOptions = true)
    static final class Speed implements Callable<Integer> {
        @Option(
                names = "--seconds",
                description = "Of the camera load (default ${DEFAULT-VALUE}).",
                defaultValue = "20")
        private int seconds;

        @Option(
                names = "--kafka",
                split = ",",
                paramLabel = "CAMERAS",
                description = "Only so many of the hundred cameras (10,20 and so on: a row each), through an embedded"
                        + " broker and in real time.")
        private List<Integer> kafka = List.of();

        @Override
        public Integer call() throws IOException {
            if (!kafka.isEmpty()) {
                return throughKafka();
            }
            int[] sizes = {10, 100, 1000};
            List<ScanTiming.Point> points =
                    new ArrayList<>(ScanTiming.run(sizes, sizes, 60, 1, FusionCommand::progress));
            points.addAll(ScanTiming.run(new int[] {10_000}, sizes, 30, 1, FusionCommand::progress));
            System.out.println(ScanTiming.markdown(points));
            System.out.println(CameraLoad.markdown(CameraLoad.run(seconds, 2, 1)));
            return 0;
        }

        private int throughKafka() throws IOException {
            System.out.println(CrowdOverKafka.Result.HEAD);
            for (int cameras : kafka) {
                Path folder = Files.createTempDirectory("sightline-crowd-");
                try {
                    System.out.println(CrowdOverKafka.run(folder, cameras, 20, seconds, 1, FusionCommand::progress)
                            .row());
                } finally {
                    DemoCommand.delete(folder);
                }
            }
            return 0;
        }
    }

    @Command(
            name = "peers",
            description =
                    "Time a scan of every filter on one run, and the scans as a file for filters of other projects.",
            mixinStandardHelpOptions = true,
            footer = "operators/src/bench/python/phd_peers.py times Stone Soup and NumPy on that file.")
    static final class Peers implements Callable<Integer> {
        @Option(names = "--seed", description = "Of the run (default ${DEFAULT-VALUE}).", defaultValue = "1")
        private long seed;

        @Option(
                names = "--column",
                description = "Column of `fusion bench`, from 1 (default ${DEFAULT-VALUE}).",
                defaultValue = "1")
        private int column;

        @Option(names = "--scans", description = "Also write the scans and the truth to this file, as CSV.")
        private Path scans;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            List<Column> columns = FusionBench.REFERENCE;
            if (column < 1 || column > columns.size()) {
                throw new ParameterException(
                        spec.commandLine(), "--column " + column + " is not one of 1 to " + columns.size());
            }
            Column chosen = columns.get(column - 1);
            if (scans != null) {
                PeerTiming.write(chosen, seed, scans);
            }
            spec.commandLine().getOut().println(PeerTiming.markdown(chosen, PeerTiming.run(chosen, seed)));
            return 0;
        }
    }
}
