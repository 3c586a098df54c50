package sightline.pipeline.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sightline.kernels.engine.Engine;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.train.Pause;
import sightline.kernels.weights.WeightFiles;
import sightline.kernels.weights.Weights;
import sightline.operators.pool.TrainPack;
import sightline.operators.recipe.Recipe;
import sightline.operators.recipe.TrainingRun;
import sightline.operators.recipe.Workshop;

/** {@code sightline train}: a recipe on a pack, on the CPU. The same folder goes on where it stopped. */
@Command(
        name = "train",
        description = {
            "Trains a network by a recipe on a pack from sightline train-pack, on the CPU.",
            "Run it again on the same folder to go on after a stop or a kill. Ctrl-C or SIGTERM lets the step that is on",
            "its way end and writes a checkpoint; a kill loses one checkpoint interval at most."
        },
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    /** How long the process waits for these where it is asked to end. */
    private static final Duration STEP_AND_CHECKPOINT = Duration.ofMinutes(2);

    @Option(names = "--recipe", required = true, description = "Name of a shipped recipe, or a YAML file.")
    private String recipe;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Another value for a key of the recipe; may be repeated.")
    private Map<String, String> changes = Map.of();

    @Option(
            names = "--pack",
            description = "File from sightline train-pack; a recipe of simulated pictures needs none.")
    private Path pack;

    @Option(names = "--folder", required = true, description = "Checkpoint, curve, weights and report.")
    private Path folder;

    @Option(names = "--minutes", defaultValue = "90", description = "Pause after (default ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--checkpoint-every",
            defaultValue = "" + TrainingRun.CHECKPOINT_EVERY,
            description = "Steps that a kill may cost (default ${DEFAULT-VALUE}).")
    private int checkpointEvery;

    @Option(names = "--threads", defaultValue = "2", description = "That draw samples (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--cache",
            defaultValue = "256",
            description = "MiB of decoded pictures (default ${DEFAULT-VALUE}).")
    private long cache;

    @Option(names = "--teacher", description = "Weights of the teacher that looks along, where the recipe has one.")
    private Path teacher;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Engine> engines = List.of(new OnnxEngine());
        try (Stop stop = Stop.ofNetworks(STEP_AND_CHECKPOINT);
                Weights weights = teacher == null ? Weights.none() : WeightFiles.open(teacher)) {
            Workshop shop = teacher == null ? Workshop.of(engines) : new Workshop(engines, engines, weights);
            TrainPack given = pack == null ? TrainPack.EMPTY : TrainPack.read(pack);
            boolean done = new TrainingRun(Recipe.named(recipe, changes), folder, threads, cache << 20, checkpointEvery)
                    .run(
                            given,
                            shop.within(memory()),
                            Pause.after(Duration.ofMinutes(minutes)).or(stop::asked),
                            System.out);
            System.out.println(done ? folder.resolve("report.md") : "paused; the same command goes on");
        }
        return 0;
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }
}
