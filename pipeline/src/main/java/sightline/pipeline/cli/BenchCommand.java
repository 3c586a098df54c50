package sightline.pipeline.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.kernels.bench.EngineBench;
import sightline.operators.timing.EightBitBench;
import sightline.operators.timing.ModelBench;
import sightline.operators.timing.PixelBench;
import sightline.operators.timing.StepBench;
import sightline.sensors.bench.PartsBench;
import sightline.sensors.kafka.bench.BenchPlan;
import sightline.sensors.kafka.bench.BridgeBench;

/** {@code sightline bench}: measurements of parts, each against a named peer in the same run. */
@Command(
        name = "bench",
        description = "Measures parts against named peers in the same run.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchCommand.Bridge.class,
            BenchCommand.Parts.class,
            BenchCommand.EngineOverhead.class,
            BenchCommand.Models.class,
            BenchCommand.Pixels.class,
            BenchCommand.Step.class,
            BenchGate.class,
            BenchBranch.class
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "bridge",
            description = "The Kafka bridge against a bare KafkaConsumer loop.",
            mixinStandardHelpOptions = true)
    static final class Bridge implements Callable<Integer> {
        @Option(names = "--quick", description = "A short run, for a first impression.")
        private boolean quick;

        @Override
        public Integer call() throws Exception {
            return BridgeBench.run(quick ? BenchPlan.quick() : BenchPlan.full(), System.out);
        }
    }

    @Command(
            name = "parts",
            description = "Ledger, clocks, codecs, and JPEG decoding with both decoders.",
            mixinStandardHelpOptions = true)
    static final class Parts implements Callable<Integer> {
        @Override
        public Integer call() {
            PartsBench.run(System.out);
            return 0;
        }
    }

    @Command(
            name = "engine",
            description = "The ONNX engine against a bare ONNX Runtime session on the same model.",
            mixinStandardHelpOptions = true)
    static final class EngineOverhead implements Callable<Integer> {
        @Option(names = "--seconds", description = "For each row (default ${DEFAULT-VALUE}).", defaultValue = "4")
        private String seconds;

        @Override
        public Integer call() {
            EngineBench.main(new String[] {seconds});
            return 0;
        }
    }

    @Command(
            name = "models",
            description = "The perception networks with all around them, against bare ONNX Runtime sessions.",
            mixinStandardHelpOptions = true)
    static final class Models implements Callable<Integer> {
        @Option(
                names = "--data",
                description = "Folder of pictures and weights (default ${DEFAULT-VALUE}).",
                defaultValue = "../shared/data")
        private Path data;

        @Option(names = "--only", description = "Networks whose name contains it.", defaultValue = "")
        private String only;

        @Option(names = "--seconds", description = "For each row (default ${DEFAULT-VALUE}).", defaultValue = "6")
        private double seconds;

        @Option(names = "--eight-bit", description = "Convolutions in eight bits against float32 instead.")
        private boolean eightBit;

        @Override
        public Integer call() throws Exception {
            if (eightBit) {
                EightBitBench.run(data, only, seconds, System.out);
                return 0;
            }
            ModelBench.run(data, only, seconds, System.out);
            return 0;
        }
    }

    @Command(
            name = "pixels",
            description = "Seg-B0 over input sizes, linear and softmax attention beside it.",
            mixinStandardHelpOptions = true)
    static final class Pixels implements Callable<Integer> {
        @Option(names = "--seconds", description = "For each figure (default ${DEFAULT-VALUE}).", defaultValue = "2")
        private double seconds;

        @Override
        public Integer call() {
            PixelBench.run(seconds, System.out);
            return 0;
        }
    }

    @Command(
            name = "step",
            description = "A training step of Det-B0 on the CPU, exact and as COAT keeps activations.",
            mixinStandardHelpOptions = true)
    static final class Step implements Callable<Integer> {
        @Option(names = "--batch", description = "Pictures of a step (default ${DEFAULT-VALUE}).", defaultValue = "8")
        private int batch;

        @Option(names = "--threads", description = "Of the engine (default ${DEFAULT-VALUE}).", defaultValue = "2")
        private int threads;

        @Option(names = "--seconds", description = "For each figure (default ${DEFAULT-VALUE}).", defaultValue = "3")
        private double seconds;

        @Override
        public Integer call() {
            StepBench.run(batch, threads, seconds, System.out);
            return 0;
        }
    }
}
