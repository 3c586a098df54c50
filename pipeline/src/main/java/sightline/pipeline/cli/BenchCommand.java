package sightline.pipeline.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sightline.kernels.bench.EngineBench;
import sightline.sensors.kafka.bench.BenchPlan;
import sightline.sensors.kafka.bench.BridgeBench;

/** {@code sightline bench}: measurements of parts, each against a named peer in the same run. */
@Command(
        name = "bench",
        description = "Measures parts against named peers in the same run.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchCommand.Bridge.class, BenchCommand.EngineOverhead.class, BenchGate.class})
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
}
