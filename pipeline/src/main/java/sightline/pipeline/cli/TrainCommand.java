package sightline.pipeline.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sightline.kernels.onnx.OnnxEngine;
import sightline.operators.pool.TrainPack;
import sightline.operators.recipe.Recipe;
import sightline.operators.recipe.TrainingRun;

/** {@code sightline train}: a recipe on a pack, on the CPU. The same folder goes on where it stopped. */
@Command(
        name = "train",
        description = {
            "Trains a network by a recipe on a pack from sightline train-pack, on the CPU.",
            "Run it again on the same folder to go on after a stop or a kill; one checkpoint interval is lost at most."
        },
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Option(names = "--recipe", required = true, description = "Name of a shipped recipe, or a YAML file.")
    private String recipe;

    @Option(names = "--pack", required = true, description = "File from sightline train-pack.")
    private Path pack;

    @Option(names = "--folder", required = true, description = "Checkpoint, curve, weights and report.")
    private Path folder;

    @Option(names = "--minutes", defaultValue = "90", description = "Pause after (default ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(names = "--threads", defaultValue = "2", description = "That draw samples (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--cache",
            defaultValue = "256",
            description = "MiB of decoded pictures (default ${DEFAULT-VALUE}).")
    private long cache;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean done = new TrainingRun(Recipe.named(recipe), folder, threads, cache << 20)
                .run(TrainPack.read(pack), List.of(new OnnxEngine()), Duration.ofMinutes(minutes), System.out);
        System.out.println(done ? folder.resolve("report.md") : "paused; the same command goes on");
        return 0;
    }
}
